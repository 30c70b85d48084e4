import { Failure, type Warning } from '../../core/failure.js';
import type { Disk, Listener, SshFacts } from '../../hosts/ssh/facts.js';
import { POSTGRES_PORT } from './facts.js';

/** What is known of a host before anything on it is touched. */
export interface Evidence {
  readonly host: string;
  readonly seen: SshFacts;
  /** The front server that is to have ports 80 and 443 there; absent where nothing is served from. */
  readonly edge?: 'nginx' | 'apache';
  /** Packages are to be installed. */
  readonly installs: boolean;
  /** PostgreSQL is to run there. */
  readonly postgres: boolean;
  /** Of a release's files, bytes. */
  readonly treeBytes: number;
  /** Where the names of the site lead; those that lead nowhere yet are left out. */
  readonly names: readonly { readonly domain: string; readonly addresses: readonly string[] }[];
  /** Where we reach the host, as far as it is known. */
  readonly reachedAt: readonly string[];
}

export interface Judged {
  /** What a deployment would fail on, worst first. */
  readonly obstacles: readonly Failure[];
  readonly warnings: readonly Warning[];
}

/** What stands in the way of a deployment to a host. */
export function judge(evidence: Evidence): Judged {
  const packages = packageObstacles(evidence);
  return {
    obstacles: [
      ...clockObstacles(evidence),
      ...diskObstacles(evidence),
      ...(evidence.installs ? packages : []),
      ...portObstacles(evidence),
      ...databaseObstacles(evidence),
    ],
    warnings: [...(evidence.installs ? [] : packages.map(asWarning)), ...nameWarnings(evidence)],
  };
}

/** An obstacle where it stops nothing. */
export const asWarning = ({ code, message, hint }: Failure): Warning => ({
  code: code.toLowerCase().replaceAll('_', '-'),
  message,
  ...(hint === undefined ? {} : { hint }),
});

/** Certificates and package lists have a beginning and an end: what is wrong by more fails in odd ways. */
const MOST_CLOCK_SECONDS = 600;

function clockObstacles({ host, seen }: Evidence): Failure[] {
  const { clockAhead } = seen;
  if (Math.abs(clockAhead) < MOST_CLOCK_SECONDS) return [];
  const how = clockAhead > 0 ? 'ahead of' : 'behind';
  return [
    new Failure('CLOCK_WRONG', 'environment', `The clock of ${host} is ${duration(Math.abs(clockAhead))} ${how} this machine’s`, {
      hint: `ssh ${host} timedatectl   # the wrong one of the two: sudo timedatectl set-ntp true`,
    }),
  ];
}

function duration(seconds: number): string {
  const [size, unit] = seconds > 82_800 ? [86_400, 'day'] : seconds > 3400 ? [3600, 'hour'] : [60, 'minute'];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const MB = 2 ** 20;
const FEWEST_INODES = 20_000;

/** How much a deployment may write below each folder: environments, releases, packages. */
const needed = ({ installs, treeBytes }: Evidence): Readonly<Record<string, number>> => ({
  '/opt': 300 * MB,
  '/srv': 50 * MB + 2 * treeBytes,
  '/var': installs ? 700 * MB : 50 * MB,
  '/etc': MB,
  '/run': MB,
});

function diskObstacles(evidence: Evidence): Failure[] {
  const { host, seen } = evidence;
  const wanted = Object.entries(needed(evidence)).flatMap(([path, bytes]) => {
    const disk = seen.disks.find((one) => one.path === path);
    return disk === undefined ? [] : [{ disk, bytes }];
  });
  return [...new Set(wanted.map(({ disk }) => disk.device))].flatMap((device) => {
    const here = wanted.filter(({ disk }) => disk.device === device);
    const [first] = here;
    return first === undefined
      ? []
      : ofDisk(
          host,
          first.disk,
          here.map(({ disk }) => disk.path),
          sum(here.map(({ bytes }) => bytes)),
        );
  });
}

function ofDisk(host: string, disk: Disk, paths: readonly string[], bytes: number): Failure[] {
  const where = paths.join(', ');
  const look = `ssh ${host} df -h ${paths.join(' ')}`;
  if (disk.readOnly)
    return [
      new Failure('DISK_READ_ONLY', 'environment', `${host} cannot write to ${where}: the file system is read-only`, {
        hint: `ssh ${host} findmnt -T ${paths[0]}`,
      }),
    ];
  if (disk.free < bytes)
    return [
      new Failure(
        'DISK_FULL',
        'environment',
        `${host} has ${megabytes(disk.free)} left for ${where}, and a deployment may need ${megabytes(bytes)}`,
        { hint: look },
      ),
    ];
  if (disk.freeInodes !== undefined && disk.freeInodes < FEWEST_INODES)
    return [
      new Failure(
        'DISK_FULL',
        'environment',
        `${host} can make only ${disk.freeInodes} more files in ${where}: its inodes are used up`,
        { hint: look.replace('-h', '-i') },
      ),
    ];
  return [];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function packageObstacles({ host, seen: { packages } }: Evidence): Failure[] {
  if (packages === undefined) return [];
  const [lock] = packages.locks;
  const some = packages.unfinished.slice(0, 5).join(', ');
  return [
    ...(packages.interrupted || packages.unfinished.length > 0
      ? [
          new Failure(
            'DPKG_UNFINISHED',
            'environment',
            packages.unfinished.length > 0
              ? `Packages on ${host} are installed by half: ${some}`
              : `An installation on ${host} was cut off`,
            { hint: `ssh -t ${host} 'sudo dpkg --configure -a && sudo apt-get -f install'` },
          ),
        ]
      : []),
    ...(lock === undefined
      ? []
      : [
          new Failure(
            'APT_LOCKED',
            'conflict',
            `${lock.program || 'A program'} (pid ${lock.pid}) on ${host} is installing packages`,
            {
              hint: `ssh ${host} ps -fp ${lock.pid}   # wait for it, and run this again`,
            },
          ),
        ]),
  ];
}

const EDGE_PROGRAMS = { nginx: ['nginx'], apache: ['apache2', 'httpd'] } as const;

function portObstacles({ host, seen, edge }: Evidence): Failure[] {
  if (edge === undefined) return [];
  const own: readonly string[] = EDGE_PROGRAMS[edge];
  const foreign = seen.listeners.filter(({ port, program }) => (port === 80 || port === 443) && !own.includes(program ?? ''));
  const owners = new Map(foreign.map((listener) => [nameOf(listener), listener]));
  return [...owners].map(([name, owner]) => {
    const ports = [...new Set(foreign.filter((one) => nameOf(one) === name).map(({ port }) => port))].sort((a, b) => a - b);
    return new Failure('PORT_TAKEN', 'conflict', `Port ${ports.join(' and ')} of ${host} belongs to ${name}`, {
      hint: mendPort(host, owner, edge),
    });
  });
}

const nameOf = ({ program, unit, pid }: Listener): string =>
  program === undefined ? 'a program that cannot be seen from here' : `${program} (${unit ?? `pid ${pid}`})`;

function mendPort(host: string, { program, unit }: Listener, edge: 'nginx' | 'apache'): string {
  const other = edge === 'nginx' ? 'apache' : 'nginx';
  if (EDGE_PROGRAMS[other].some((name) => name === program))
    return `edge: ${other}   # in slipway.yml: the site joins those it has`;
  if (unit?.endsWith('.service')) return `ssh -t ${host} sudo systemctl disable --now ${unit}   # when nothing needs it`;
  return `ssh ${host} sudo ss -ltnp`;
}

function databaseObstacles({ host, seen, postgres }: Evidence): Failure[] {
  if (!postgres || seen.clusters.some(({ port }) => port === POSTGRES_PORT)) return [];
  const owner = seen.listeners.find(({ port }) => port === POSTGRES_PORT);
  if (owner === undefined) return [];
  return [
    new Failure(
      'PORT_TAKEN',
      'conflict',
      `Port ${POSTGRES_PORT} of ${host}, where PostgreSQL is to be, belongs to ${nameOf(owner)}`,
      {
        hint: 'use that database: database: {url: {secret: DATABASE_URL}}   # in slipway.yml',
      },
    ),
  ];
}

function nameWarnings({ host, names, seen, reachedAt }: Evidence): Warning[] {
  const own = new Set([...seen.addresses, ...reachedAt]);
  if (own.size === 0) return [];
  return names
    .filter(({ addresses }) => addresses.length > 0 && !addresses.some((address) => own.has(address)))
    .map(({ domain, addresses }) => ({
      code: 'domain-elsewhere',
      message: `${domain} leads to ${addresses.slice(0, 3).join(', ')}, which is not ${host}: until it does, the site has a temporary certificate`,
      hint: `an A record: ${domain} → ${reachedAt[0] ?? [...own][0]}   # or tls: external, where another server passes visits on`,
    }));
}
