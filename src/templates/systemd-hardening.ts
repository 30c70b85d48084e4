import { listWord, unitName } from './systemd-quote.js';
import type { Directive } from './systemd-unit.js';

/** What a process may need that others need not: each is one thing less that it is kept from. */
export type Freedom =
  /** Memory both writable and executable: compilers at run time (numba, PyPy, node). */
  | 'write-execute'
  /** All of /proc, not only its own processes: psutil. */
  | 'proc'
  /** Namespaces of its own: browsers with a sandbox. */
  | 'namespaces'
  /** The devices of the machine: graphics cards. */
  | 'devices'
  /** Its scheduling, priority and memory policy: numerical libraries that pin their threads. */
  | 'resources';

/**
 * What is reached over IP. `local`: this machine alone. `internet`: everything but link-local addresses, where clouds tell machines their
 * credentials to whoever asks. `all`: everything, for what is a machine's role in such a cloud or has its name server there.
 */
export type Network = 'local' | 'internet' | 'all';

export interface Confinement {
  readonly user: string;
  readonly group: string;
  /** Folders it may write to; all else is read-only. */
  readonly writable: readonly string[];
  readonly network: Network;
  readonly freedoms: readonly Freedom[];
}

/**
 * Everything systemd can keep a process from that serves pages or runs tasks, as measured by `systemd-analyze security`.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
 */
export function confinement({ user, group, writable, network, freedoms }: Confinement): Directive[] {
  const kept = (freedom: Freedom, ...lines: Directive[]): Directive[] => (freedoms.includes(freedom) ? [] : lines);
  return [
    ['User', unitName(user)],
    ['Group', unitName(group)],
    ['UMask', '0077'],
    ['NoNewPrivileges', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['AmbientCapabilities', ''],
    ...SHARED,
    ['PrivateUsers', 'yes'],
    ['PrivateIPC', 'yes'],
    ['PrivateMounts', 'yes'],
    ...(writable.length === 0 ? [] : [['ReadWritePaths', writable.map(listWord).join(' ')] as const]),
    ...kept('devices', ['PrivateDevices', 'yes'], ['DevicePolicy', 'closed']),
    ...kept('proc', ['ProtectProc', 'invisible'], ['ProcSubset', 'pid']),
    ...kept('namespaces', ['RestrictNamespaces', 'yes']),
    ...kept('write-execute', ['MemoryDenyWriteExecute', 'yes']),
    ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6'],
    ['SystemCallFilter', '@system-service'],
    ['SystemCallFilter', freedoms.includes('resources') ? '~@privileged' : '~@privileged @resources'],
    ['SystemCallErrorNumber', 'EPERM'],
    // Gunicorn gives its socket to the user it runs as, who has it already: it is told that it was done. More could not be done without
    // capabilities.
    ['SystemCallFilter', '~@chown:0'],
    ...reach(network),
  ];
}

/** What no service of a web site needs. */
const SHARED: readonly Directive[] = [
  ['PrivateTmp', 'yes'],
  ['ProtectSystem', 'strict'],
  ['ProtectHome', 'yes'],
  ['ProtectHostname', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectKernelTunables', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['LockPersonality', 'yes'],
  ['RemoveIPC', 'yes'],
  ['KeyringMode', 'private'],
  ['SystemCallArchitectures', 'native'],
];

/** Allowing wins over denying, so that leaving a part out means to name all the others: the complements of 169.254.0.0/16 and fe80::/10. */
const NOT_LINK_LOCAL = [
  '0.0.0.0/1 128.0.0.0/3 160.0.0.0/5 168.0.0.0/8 169.0.0.0/9 169.128.0.0/10 169.192.0.0/11 169.224.0.0/12 169.240.0.0/13',
  '169.248.0.0/14 169.252.0.0/15 169.255.0.0/16 170.0.0.0/7 172.0.0.0/6 176.0.0.0/4 192.0.0.0/2',
  '::/1 8000::/2 c000::/3 e000::/4 f000::/5 f800::/6 fc00::/7 fe00::/9 fec0::/10 ff00::/8',
];

function reach(network: Network): Directive[] {
  if (network === 'all') return [];
  const allowed = network === 'local' ? ['localhost'] : NOT_LINK_LOCAL;
  return [['IPAddressDeny', 'any'], ...allowed.map((list) => ['IPAddressAllow', list] as const)];
}
