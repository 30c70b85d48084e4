import type { Address } from './address.js';
import { loader } from './remote-code.js';

export interface SshPlace {
  readonly address: Address;
  /** An ssh_config to use instead of the user's own. */
  readonly config?: string;
  /** Files of known hosts, instead of those of the configuration. */
  readonly knownHosts?: readonly string[];
}

/** Silence is noticed after `ServerAliveInterval` × (`ServerAliveCountMax` + 1) seconds at most. */
const OPTIONS: Readonly<Record<string, string>> = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  ConnectTimeout: '15',
  ServerAliveInterval: '4',
  ServerAliveCountMax: '2',
  TCPKeepAlive: 'yes',
  // A connection of its own, whose end is noticed here and on the host.
  ControlMaster: 'no',
  ControlPath: 'none',
  ClearAllForwardings: 'yes',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  RequestTTY: 'no',
  EscapeChar: 'none',
  UpdateHostKeys: 'no',
  // Above this come banners, which anybody may word like a failure.
  LogLevel: 'ERROR',
};

/** How `ssh` is told where to go. @param options in place of the usual ones; the first value of an option counts */
export function sshArgv(place: SshPlace, options: Readonly<Record<string, string>> = {}): string[] {
  const { address, config, knownHosts } = place;
  const files = knownHosts === undefined ? {} : { UserKnownHostsFile: knownHosts.map((file) => `"${file}"`).join(' ') };
  return [
    'ssh',
    ...(config === undefined ? [] : ['-F', config]),
    ...Object.entries({ ...OPTIONS, ...files, ...options }).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(address.user === undefined ? [] : ['-l', address.user]),
    ...(address.port === undefined ? [] : ['-p', String(address.port)]),
    '--',
    address.host,
  ];
}

export interface Marks {
  readonly ready: string;
  readonly prompt: string;
}

/** What the login shell of the host is asked to run: our program as root. sudo reads the password from the connection, after its prompt. */
export function remoteCommand(marks: Marks, bytes: number, sudo: boolean): string {
  const python = `/usr/bin/python3 -I -S -c '${loader(marks.ready, bytes)}'`;
  return sudo ? `exec env LC_ALL=C sudo -S -p '${marks.prompt}' -- ${python}` : `exec ${python}`;
}
