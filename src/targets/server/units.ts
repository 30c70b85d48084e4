import type { Process } from '../../core/release.js';
import { confinement } from '../../templates/systemd-hardening.js';
import { execLine, lineValue, unitName } from '../../templates/systemd-quote.js';
import { type Directive, unitFile } from '../../templates/systemd-unit.js';
import { launchName } from '../release-files.js';
import { credentialLines } from './credentials.js';
import { releaseFiles, stateFiles } from './layout.js';
import { launcherOf, type ServerHost, type ServerOptions, type ServerRelease } from './options.js';

export const UNIT_FOLDER = '/etc/systemd/system';

/** A unit file to be written. */
export interface Unit {
  /** `shop-web@20261121-104512-3f9c2e1.service` */
  readonly name: string;
  readonly content: string;
}

type Named = Pick<ServerOptions, 'key'>;

/** @param name of a process: `web`, `worker`, `worker.2` */
export const serviceName = ({ key }: Named, name: string, version: string): string =>
  unitName(`${key}-${name}@${version}.service`);

/** Everything of a release that may run beside the release before it. */
export const releaseTarget = ({ key }: Named, version: string): string => unitName(`${key}@${version}.target`);

/** What of it must run once at a time: beats and jobs. */
export const onceTarget = ({ key }: Named, version: string): string => unitName(`${key}-once@${version}.target`);

export interface WebProgram {
  readonly stopSignal: string;
  readonly stopSeconds: number;
}

/**
 * What has a target start with the machine, as `systemctl enable` writes it. That one has systemd read every unit anew, which takes longer than
 * all else of a switch; told not to, it leaves every unit of the host asking for it (`NeedDaemonReload`).
 */
export const bootLink = (name: string): { readonly path: string; readonly to: string } => ({
  path: `${UNIT_FOLDER}/${BOOT_TARGET}.wants/${name}`,
  to: `${UNIT_FOLDER}/${name}`,
});

const BOOT_TARGET = 'multi-user.target';

interface Program {
  /** Of the file that the launcher reads. */
  readonly launch: string;
  readonly name: string;
  readonly stopSignal: string;
  readonly stopSeconds: number;
  readonly network: ServerOptions['network'];
}

/** Names of one process's units: `worker`, or `worker.1`, `worker.2`, … */
const instances = (process: Process): string[] =>
  process.scale === 1
    ? [launchName(process)]
    : Array.from({ length: process.scale }, (_, index) => `${launchName(process)}.${index + 1}`);

const programsOf = (process: Process): Program[] =>
  instances(process).map((name) => ({
    name,
    launch: launchName(process),
    stopSignal: 'TERM',
    stopSeconds: process.stopSeconds,
    network: 'all',
  }));

/** Processes of the release that run on a host of these roles, beside the release before it. */
export function programs({ processes, options }: ServerRelease, { roles }: ServerHost, web: WebProgram): readonly Program[] {
  return [
    ...(roles.includes('web') ? [{ name: 'web', launch: 'web', network: options.network, ...web }] : []),
    ...(roles.includes('worker') ? processes.filter(({ kind }) => kind !== 'beat').flatMap(programsOf) : []),
  ];
}

export const beats = ({ processes }: ServerRelease, { roles }: ServerHost): readonly Process[] =>
  roles.includes('beat') ? processes.filter(({ kind }) => kind === 'beat').map((process) => ({ ...process, scale: 1 })) : [];

/** Units of the release on this host, and the target that starts and stops them together. */
export function releaseUnits(release: ServerRelease, host: ServerHost, web: WebProgram): readonly Unit[] {
  const services = programs(release, host, web).map((program) => service(release, host, program, releaseTarget));
  return [
    ...services,
    target(releaseTarget(release.options, release.version), `${release.options.key}, release ${release.version}`, services),
  ];
}

/** The long-running ones of those that run once at a time. */
export const beatUnits = (release: ServerRelease, host: ServerHost): readonly Unit[] =>
  beats(release, host)
    .flatMap(programsOf)
    .map((program) => service(release, host, program, onceTarget));

/** A target that wants the units, and is wanted when the machine starts. */
export const target = (name: string, description: string, units: readonly Unit[]): Unit => ({
  name,
  content: unitFile({
    unit: [['Description', lineValue(description)], ...units.map((unit): Directive => ['Wants', unit.name])],
    install: [['WantedBy', BOOT_TARGET]],
  }),
});

function service(release: ServerRelease, host: ServerHost, program: Program, partOf: typeof releaseTarget): Unit {
  const { options, version } = release;
  return {
    name: serviceName(options, program.name, version),
    content: unitFile({
      unit: [
        ['Description', lineValue(`${options.key}: ${program.name} of release ${version}`)],
        ['After', 'network-online.target postgresql.service mariadb.service redis-server.service valkey-server.service'],
        ['Wants', 'network-online.target'],
        ['PartOf', partOf(options, version)],
        // Never given up: a database that is away for an hour comes back.
        ['StartLimitIntervalSec', '0'],
      ],
      kind: {
        name: 'Service',
        lines: [
          ['Type', 'exec'],
          ['ExecStart', execLine(launchArgv(release, host, program.launch))],
          ['Restart', 'always'],
          ['RestartSec', '1'],
          // Since 254: https://github.com/systemd/systemd/blob/main/NEWS
          host.systemd >= 254 && ['RestartSteps', '8'],
          host.systemd >= 254 && ['RestartMaxDelaySec', '60'],
          ['KillMode', 'mixed'],
          ['KillSignal', `SIG${program.stopSignal}`],
          ['TimeoutStopSec', String(program.stopSeconds)],
          // One worker that takes too much is replaced by its master; the others go on.
          ['OOMPolicy', 'continue'],
          ['LimitNOFILE', '8192'],
          ['SyslogIdentifier', `${options.key}-${program.name}`],
          ...credentialLines(release),
          ...confined(release, program.network),
        ],
      },
    }),
  };
}

/** What the app's processes are kept from. */
export const confined = ({ options }: ServerRelease, network: ServerOptions['network']): Directive[] =>
  confinement({
    user: options.user,
    group: options.user,
    writable: [stateFiles(options.layout).data, options.layout.run],
    network,
    freedoms: options.freedoms,
  });

export const launchArgv = ({ options, version }: ServerRelease, host: ServerHost, name: string): string[] => [
  host.python,
  '-I',
  '-S',
  launcherOf(host),
  `${releaseFiles(options.layout, version).launch}/${name}.json`,
];
