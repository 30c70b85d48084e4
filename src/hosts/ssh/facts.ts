import { isList, type Json, member, numberOf, textOf, textsOf } from './answer.js';
import type { Channel } from './channel.js';

/** What a host is, and what stands in the way of setting it up; asked in one question that changes nothing. */
export interface SshFacts {
  readonly system: {
    /** `debian`, `ubuntu`. */
    readonly id: string;
    readonly like: readonly string[];
    /** `13`, `24.04`. */
    readonly version: string;
    /** `trixie`. */
    readonly codename: string;
    /** For people: `Debian GNU/Linux 13 (trixie)`. */
    readonly name: string;
  };
  readonly kernel: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly architecture: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: { readonly total: number; readonly available: number; readonly swap: number };
  /** `3.13.5`. */
  readonly python: string;
  /** 257; 0 where systemd does not run the host. */
  readonly systemd: number;
  /** How far the host's clock is ahead of ours, in seconds; exact to half a round trip. */
  readonly clockAhead: number;
  /** A program that keeps it right is installed. */
  readonly keepsTime: boolean;
  readonly bootId: string;
  readonly ipv6: boolean;
  /** Who listens on the ports that were asked about. */
  readonly listeners: readonly Listener[];
  readonly disks: readonly Disk[];
  /** undefined where there is no dpkg. */
  readonly packages: PackageState | undefined;
  /** The host's own, without loopback and link-local ones. */
  readonly addresses: readonly string[];
  /** PostgreSQL's, as Debian lays them out. */
  readonly clusters: readonly Cluster[];
  /** Its own OpenSSH: major and minor version (0, 0 where it cannot be told), and all ports it listens on. */
  readonly ssh: { readonly version: readonly [number, number]; readonly ports: readonly number[] };
}

/** One server of PostgreSQL, whether it runs or not. */
export interface Cluster {
  readonly major: number;
  /** `main`. */
  readonly name: string;
  readonly port: number;
}

export interface Listener {
  readonly port: number;
  readonly address: string;
  readonly pid?: number;
  readonly program?: string;
  /** Of systemd: `nginx.service`. */
  readonly unit?: string;
}

export interface Disk {
  readonly path: string;
  /** The same for places on the same file system. */
  readonly device: number;
  /** Bytes that any user may use. */
  readonly free: number;
  readonly size: number;
  /** undefined where the file system makes them as they are needed. */
  readonly freeInodes?: number;
  readonly readOnly: boolean;
}

export interface PackageState {
  /** Packages neither installed nor gone: `nginx half-configured`. */
  readonly unfinished: readonly string[];
  /** dpkg was stopped in the middle: `dpkg --configure -a` is due. */
  readonly interrupted: boolean;
  readonly locks: readonly { readonly path: string; readonly pid: number; readonly program: string }[];
  /** When apt's lists were fetched, seconds since 1970; undefined: never. */
  readonly listsTime?: number;
  /** Lists that apt refuses for their age. */
  readonly expired: readonly string[];
  readonly rebootRequired: boolean;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64', armv7l: 'arm' };

/** @param ports whose listeners are named; default 80 and 443 @throws Failure SSH_LOST */
export async function askFacts(channel: Channel, ports: readonly number[] = [80, 443], signal?: AbortSignal): Promise<SshFacts> {
  const asked = Date.now();
  const answer = await channel.call({ op: 'facts', ports }, signal === undefined ? {} : { signal });
  return readFacts(answer, (asked + Date.now()) / 2000);
}

/** @param now our clock when the host looked at its own, in seconds */
export function readFacts(answer: Json, now: number): SshFacts {
  const at = (name: string): Json => member(answer, name) ?? null;
  const text = (json: Json, name: string): string => textOf(member(json, name)) ?? '';
  const number = (json: Json, name: string): number => numberOf(member(json, name));
  const machine = text(answer, 'machine');
  return {
    system: {
      id: text(at('system'), 'id'),
      like: textsOf(member(at('system'), 'like')),
      version: text(at('system'), 'version'),
      codename: text(at('system'), 'codename'),
      name: text(at('system'), 'name'),
    },
    kernel: text(answer, 'kernel'),
    architecture: ARCHITECTURES[machine] ?? machine,
    cores: number(answer, 'cores'),
    memory: {
      total: number(at('memory'), 'total'),
      available: number(at('memory'), 'available'),
      swap: number(at('memory'), 'swap'),
    },
    python: text(answer, 'python'),
    systemd: number(answer, 'systemd'),
    clockAhead: number(answer, 'time') - now,
    keepsTime: at('keepsTime') === true,
    bootId: text(answer, 'bootId'),
    ipv6: at('ipv6') === true,
    listeners: listOf(at('listeners')).map((json) => ({
      port: number(json, 'port'),
      address: text(json, 'address'),
      ...(member(json, 'pid') === undefined ? {} : { pid: number(json, 'pid'), program: text(json, 'program') }),
      ...(textOf(member(json, 'unit')) === undefined ? {} : { unit: text(json, 'unit') }),
    })),
    disks: listOf(at('disks')).map((json) => ({
      path: text(json, 'path'),
      device: number(json, 'device'),
      free: number(json, 'free'),
      size: number(json, 'size'),
      readOnly: member(json, 'readOnly') === true,
      ...(typeof member(json, 'freeInodes') === 'number' ? { freeInodes: number(json, 'freeInodes') } : {}),
    })),
    packages: at('packages') === null ? undefined : readPackages(at('packages')),
    addresses: textsOf(at('addresses')),
    clusters: listOf(at('clusters')).map((json) => ({
      major: number(json, 'major'),
      name: text(json, 'name'),
      port: number(json, 'port'),
    })),
    ssh: readSsh(at('ssh')),
  };
}

function readSsh(json: Json): SshFacts['ssh'] {
  const [major = 0, minor = 0] = listOf(member(json, 'version') ?? null).map(numberOf);
  return { version: [major, minor], ports: listOf(member(json, 'ports') ?? null).map(numberOf) };
}

const readPackages = (json: Json): PackageState => ({
  unfinished: textsOf(member(json, 'unfinished')),
  interrupted: member(json, 'interrupted') === true,
  locks: listOf(member(json, 'locks') ?? null).map((lock) => ({
    path: textOf(member(lock, 'path')) ?? '',
    pid: numberOf(member(lock, 'pid')),
    program: textOf(member(lock, 'program')) ?? '',
  })),
  expired: textsOf(member(json, 'expired')),
  rebootRequired: member(json, 'rebootRequired') === true,
  ...(typeof member(json, 'listsTime') === 'number' ? { listsTime: numberOf(member(json, 'listsTime')) } : {}),
});

const listOf = (json: Json): readonly Json[] => (isList(json) ? json : []);
