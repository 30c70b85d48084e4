import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Failure } from '../../core/failure.js';

/** What ssh may see of our environment: the agent, the user's own places, a way to ask for a touch or a passphrase. */
const PASSED_ON = /^(PATH|HOME|USER|LOGNAME|SSH_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|GNUPGHOME|TMPDIR|KRB5\w*)$/;

/**
 * Starts an `ssh`. It leads a group of its own: a Ctrl-C at the terminal reaches us alone.
 * @throws Failure COMMAND_NOT_FOUND where there is none
 */
export async function startSsh(argv: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
  const [program = 'ssh', ...args] = argv;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
  const child = spawn(program, args, { env: { ...env, LC_ALL: 'C' }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new Failure('COMMAND_NOT_FOUND', 'environment', 'ssh is not there', { hint: 'apt-get install openssh-client', cause }),
      ),
    );
  });
  return child;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an `ssh` that ends by itself, without input. */
export async function runSsh(argv: readonly string[], signal?: AbortSignal): Promise<Ended> {
  const child = await startSsh(argv);
  const end = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  child.stdin.on('error', () => {});
  child.stdin.end();
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 255)));
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  return { code, ...said };
}
