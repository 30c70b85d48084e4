import { connectionFailure } from './failures.js';
import { type SshPlace, sshArgv } from './launch.js';
import { runSsh } from './start-ssh.js';

/** What ssh itself makes of its configuration for one host. */
export interface SshSettings {
  readonly user: string;
  /** Name or address that is connected to. */
  readonly hostName: string;
  /** Key exchanges that our ssh offers. */
  readonly exchanges: readonly string[];
  /** Files of known hosts, in the order ssh asks them; the first takes new keys. */
  readonly knownHosts: readonly string[];
}

/** Asks ssh; nothing goes over the network. @throws Failure SSH_CONFIG */
export async function sshSettings(place: SshPlace, name: string, signal?: AbortSignal): Promise<SshSettings> {
  const [program = 'ssh', ...args] = sshArgv(place);
  const { code, stdout, stderr } = await runSsh([program, '-G', ...args], signal);
  if (code !== 0) throw connectionFailure({ name, code, stderr, stdout: '' });
  return readSettings(stdout, process.env['HOME'] ?? '');
}

/** Reads what `ssh -G` prints. @param home what `~` stands for */
export function readSettings(text: string, home: string): SshSettings {
  const value = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? '';
  // Of a name with a space ssh prints no quotes; a path begins with / or ~.
  const files = value('userknownhostsfile').split(/ (?=[/~])/);
  return {
    user: value('user'),
    hostName: value('hostname'),
    exchanges: value('kexalgorithms').split(','),
    knownHosts: files.filter((file) => file !== '' && file !== 'none').map((file) => file.replace(/^~(?=\/)/, home)),
  };
}
