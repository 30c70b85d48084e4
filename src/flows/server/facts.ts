import { Failure } from '../../core/failure.js';
import type { Host, Machine } from '../../core/host.js';
import type { SshFacts } from '../../hosts/ssh/facts.js';
import { apacheVersion, parseApacheVersion } from '../../ops/apache.js';
import { nginxVersion, parseNginxVersion } from '../../ops/nginx.js';
import { EDGE_IS_OURS } from '../../targets/server/base.js';
import type { EdgeFacts } from '../../targets/server/edge.js';

/** What a deployment has to know of a host before it plans. */
export interface HostFacts extends Machine {
  /** `debian`, `ubuntu`, …; from os-release(5). */
  readonly system: string;
  /** `13`, `24.04` */
  readonly version: string;
  readonly name: string;
  /** Of systemd: 252, 257. */
  readonly systemd: number;
  readonly ipv6: boolean;
  /** All that was asked, when the connection was made. */
  readonly seen: SshFacts;
}

const SUPPORTED: Readonly<Record<string, readonly string[]>> = { debian: ['12', '13'], ubuntu: ['22.04', '24.04', '26.04'] };

/** Whose owners stand in the way of the edge or of a service. */
export const PORTS_LOOKED_AT = [80, 443, 3306, 5432];

/** The first systemd with what units and credentials need. */
const SYSTEMD = 249;

/** @param name of the host @throws Failure HOST_UNSUPPORTED (environment), before anything is touched */
export function hostFacts(name: string, seen: SshFacts): HostFacts {
  const { system, systemd } = seen;
  if (!SUPPORTED[system.id]?.includes(system.version) || systemd < SYSTEMD) {
    const what =
      systemd < SYSTEMD && SUPPORTED[system.id]?.includes(system.version)
        ? `${system.name} without ${systemd === 0 ? 'systemd' : `systemd ${SYSTEMD} or later`}`
        : system.name || 'a system without os-release';
    throw new Failure('HOST_UNSUPPORTED', 'environment', `${name} runs ${what}, which Slipway does not set up`, {
      hint: 'use Debian 12 or 13, or Ubuntu 22.04, 24.04 or 26.04',
    });
  }
  return {
    system: system.id,
    version: system.version,
    name: system.name,
    cores: seen.cores,
    memory: seen.memory.total,
    architecture: seen.architecture,
    systemd,
    ipv6: seen.ipv6,
    seen,
  };
}

/** PostgreSQL's version in each system's own packages. */
const POSTGRES: Readonly<Record<string, number>> = {
  'debian 12': 15,
  'debian 13': 17,
  'ubuntu 22.04': 14,
  'ubuntu 24.04': 16,
  'ubuntu 26.04': 18,
};

/** Where PostgreSQL listens that apps use. */
export const POSTGRES_PORT = 5432;

/** Of the cluster that is there on PostgreSQL's own port, else of the one that would be installed. */
export const postgresMajor = ({ system, version, seen }: HostFacts): number =>
  seen.clusters.find(({ port }) => port === POSTGRES_PORT)?.major ?? POSTGRES[`${system} ${version}`] ?? 17;

/** Redis's version in each system's own packages. */
const REDIS: Readonly<Record<string, string>> = {
  'debian 12': '7.0',
  'debian 13': '8.0',
  'ubuntu 22.04': '6.0',
  'ubuntu 24.04': '7.0',
  'ubuntu 26.04': '8.0',
};

export const redisVersion = ({ system, version }: HostFacts): string => REDIS[`${system} ${version}`] ?? '7.0';

/** MariaDB's version in each system's own packages. */
const MARIADB: Readonly<Record<string, string>> = {
  'debian 12': '10.11',
  'debian 13': '11.8',
  'ubuntu 22.04': '10.6',
  'ubuntu 24.04': '10.11',
  'ubuntu 26.04': '11.8',
};

export const mariadbVersion = ({ system, version }: HostFacts): string => MARIADB[`${system} ${version}`] ?? '10.11';

/** What the front server of the host can do, and whether its configuration is Slipway's. Asked when it is there. */
export async function edgeOf(host: Host, edge: 'nginx' | 'apache', { ipv6 }: Pick<HostFacts, 'ipv6'>): Promise<EdgeFacts> {
  const isThere = host.exists(EDGE_IS_OURS);
  if (edge === 'apache') {
    const { stdout } = await host.exec(apacheVersion);
    return { apache: parseApacheVersion(stdout), ours: await isThere, ipv6 };
  }
  const { stderr } = await host.exec(nginxVersion('/usr/sbin/nginx'));
  return { nginx: parseNginxVersion(stderr), ours: await isThere, ipv6 };
}
