import { quote } from '../../core/command.js';
import { Failure } from '../../core/failure.js';

/** A connection that did not come about: what `ssh` said, and how it ended. */
export interface NoConnection {
  /** As the user named the host. */
  readonly name: string;
  readonly code: number;
  readonly stderr: string;
  /** What the login printed. */
  readonly stdout: string;
}

interface Cause {
  readonly pattern: RegExp;
  readonly code: string;
  readonly kind: 'connection' | 'config';
  readonly message: (name: string) => string;
  readonly hint: (name: string) => string;
}

const login = (name: string): string => `ssh ${quote(name)} true`;

/** First match counts. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY|differs from the key for the IP address/,
    code: 'HOST_KEY_CHANGED',
    kind: 'connection',
    message: (name) => `${name} shows another host key than before: it is another machine, or somebody is in between`,
    hint: (name) => `ask who runs the host; if it was set up anew: ssh-keygen -R ${quote(bare(name))}`,
  },
  {
    pattern: /Host key verification failed|No .* host key is known for/,
    code: 'HOST_KEY_UNKNOWN',
    kind: 'connection',
    message: (name) => `The host key of ${name} is not known yet`,
    hint: (name) => `compare its fingerprint with the one the host's owner tells, then: ${login(name)}`,
  },
  {
    pattern: /Permission denied \(|Too many authentication failures|UNPROTECTED PRIVATE KEY|No supported authentication methods/,
    code: 'SSH_AUTH',
    kind: 'connection',
    message: (name) => `${name} does not let us in: no key that it knows`,
    hint: (name) => `${login(name)}   # must work without a question; a key with a passphrase goes into the agent: ssh-add`,
  },
  {
    pattern: /Connection refused|kex_exchange_identification|Connection (closed|reset) by .* port|banner exchange/,
    code: 'SSH_REFUSED',
    kind: 'connection',
    message: (name) => `${name} refuses or closes the connection`,
    hint: (name) => `${login(name)}   # is sshd running, on this port, and not blocking our address?`,
  },
  {
    pattern: /Could not resolve hostname|timed out|No route to host|Network is unreachable|Host is down/,
    code: 'SSH_UNREACHABLE',
    kind: 'connection',
    message: (name) => `${name} cannot be reached`,
    hint: (name) => `${login(name)}   # right address, machine on, network there?`,
  },
  {
    pattern: /Unable to negotiate|no matching (host key|cipher|key exchange|MAC)/,
    code: 'SSH_ALGORITHMS',
    kind: 'connection',
    message: (name) => `${name} and the ssh here have no algorithm in common`,
    hint: () => 'name one in ssh_config for this host: KexAlgorithms, HostKeyAlgorithms or Ciphers',
  },
  {
    pattern:
      /Bad configuration option|Bad owner or permissions|Can't open user config file|missing argument|terminating, \d+ bad/,
    code: 'SSH_CONFIG',
    kind: 'config',
    message: () => 'The ssh configuration cannot be used',
    hint: (name) => `ssh -G ${quote(bare(name))}`,
  },
  {
    pattern: /sudo: (command )?not found|sudo: No such file|env: .?sudo.?: No such file/,
    code: 'SUDO_MISSING',
    kind: 'connection',
    message: (name) => `${name} has no sudo, and the account is not root`,
    hint: () => 'as root on the host: apt-get install sudo, or log in as root',
  },
  {
    pattern: /incorrect password attempt|a password is required|no password was provided/,
    code: 'SUDO_PASSWORD',
    kind: 'connection',
    message: (name) => `sudo on ${name} did not take the password`,
    hint: (name) => `ssh -t ${quote(name)} sudo -v`,
  },
  {
    pattern: /python3.*(not found|No such file)|No such file.*python3|Unknown command.*python3/s,
    code: 'HOST_PYTHON_MISSING',
    kind: 'connection',
    message: (name) => `${name} has no Python: there is no /usr/bin/python3`,
    hint: (name) => `ssh -t ${quote(name)} sudo apt-get install -y python3`,
  },
  {
    pattern:
      /is not in the sudoers|may not run sudo|not allowed to (run|execute)|you must have a tty|account (has )?expired|^sudo: /m,
    code: 'SUDO_DENIED',
    kind: 'connection',
    message: (name) => `The account on ${name} may not become root`,
    hint: (name) => `ssh -t ${quote(name)} sudo -l   # give it the right to run everything, or log in as root`,
  },
];

/** Says whose fault it is that there is no connection, from what `ssh` and the login said. */
export function connectionFailure(ended: NoConnection): Failure {
  const said = `${ended.stderr}\n${ended.stdout}`.trim();
  const cause = CAUSES.find(({ pattern }) => pattern.test(ended.stderr)) ?? CAUSES.find(({ pattern }) => pattern.test(said));
  const detail = said === '' ? {} : { detail: lastLines(said) };
  // ssh tells that a connection was closed on it only at a level where banners come too.
  const silent = ended.code === 255 && said === '' ? CAUSES.find(({ code }) => code === 'SSH_REFUSED') : undefined;
  const found = cause ?? silent;
  if (found !== undefined) {
    const { code, kind, message, hint } = found;
    return new Failure(code, kind, message(ended.name), { hint: hint(ended.name), ...detail });
  }
  return new Failure('SSH_FAILED', 'connection', `No session on ${ended.name}: ssh ended with ${ended.code}`, {
    hint: `${login(ended.name)}   # must end without a word`,
    ...detail,
  });
}

/** A connection that was there and is gone. */
export const lost = (name: string, stderr: string): Failure =>
  new Failure('SSH_LOST', 'connection', `The connection to ${name} was lost`, {
    hint: 'run the same command again: it takes up where it stopped',
    ...(stderr.trim() === '' ? {} : { detail: lastLines(stderr.trim()) }),
  });

const bare = (name: string): string => name.replace(/^.*@/, '');
const lastLines = (text: string): string => text.split('\n').slice(-12).join('\n');
