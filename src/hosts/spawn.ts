import { spawn as nodeSpawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline';
import { Failure } from '../core/failure.js';
import type { ExecOptions, Exit } from '../core/host.js';

export interface Spawn {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly timeoutSeconds?: number;
  readonly uid?: number;
  readonly gid?: number;
}

const KILL_AFTER_MS = 3000;

/**
 * The one place that starts a process and collects what it says. The process leads its own group, so that a Ctrl-C at the terminal reaches
 * us alone and an abort reaches everything it started.
 * @throws Failure COMMAND_NOT_FOUND, COMMAND_TIMEOUT, CANCELLED
 */
export async function spawn(request: Spawn, options: ExecOptions = {}): Promise<Exit> {
  const { signal, onLine } = options;
  signal?.throwIfAborted();
  // One signal ends many lanes of work at once.
  if (signal !== undefined) setMaxListeners(0, signal);
  const [program, ...args] = request.argv;
  if (program === undefined) throw new Failure('BUG', 'bug', 'A command without a program');
  const child = nodeSpawn(program, args, {
    env: request.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    ...(request.uid === undefined ? {} : { uid: request.uid }),
    ...(request.gid === undefined ? {} : { gid: request.gid }),
  });

  let timedOut = false;
  let killTimer: NodeJS.Timeout | undefined;
  const endGroup = () => {
    if (child.pid === undefined) return;
    killGroup(child.pid, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  const timer =
    request.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          endGroup();
        }, request.timeoutSeconds * 1000);
  signal?.addEventListener('abort', endGroup, { once: true });

  const collected = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      collected[name] += text;
    });
    if (onLine) createInterface({ input: child[name] }).on('line', onLine);
  }
  // A program may end without reading its input; that is its right, and its exit code tells the rest.
  child.stdin.on('error', () => {});
  child.stdin.end(request.stdin ?? '');

  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', (error: NodeJS.ErrnoException) => reject(startFailure(program, request.cwd, error)));
      child.on('close', (status, killedBy) => resolve(status ?? 128 + (killedBy === 'SIGKILL' ? 9 : 15)));
    });
    signal?.throwIfAborted();
    if (timedOut) {
      throw new Failure('COMMAND_TIMEOUT', 'remote', `${program} did not end within ${request.timeoutSeconds} s`, {
        detail: tail(collected.stderr || collected.stdout),
      });
    }
    return { code, ...collected };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal?.removeEventListener('abort', endGroup);
  }
}

/** Runs a command on the user's own terminal, all three streams passed through. Returns its exit code (128 + n for signal n). */
export async function spawnInteractive(request: Spawn, signal?: AbortSignal): Promise<number> {
  const [program, ...args] = request.argv;
  if (program === undefined) throw new Failure('BUG', 'bug', 'A command without a program');
  const child = nodeSpawn(program, args, {
    env: request.env,
    stdio: 'inherit',
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
  });
  // Ctrl-C reaches the child by the terminal; a request to end that comes to us alone is handed on.
  signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return await new Promise<number>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => reject(startFailure(program, request.cwd, error)));
    child.on('close', (status, killedBy) => resolve(status ?? 128 + (SIGNAL_NUMBER[killedBy ?? ''] ?? 15)));
  });
}

const SIGNAL_NUMBER: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 };

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

function startFailure(program: string, cwd: string | undefined, error: NodeJS.ErrnoException): Failure {
  if (error.code === 'ENOENT') {
    const where = cwd === undefined ? '' : ` (in ${cwd})`;
    return new Failure('COMMAND_NOT_FOUND', 'environment', `${program} is not there${where}`, { cause: error });
  }
  return new Failure('COMMAND_NOT_STARTED', 'environment', `${program} could not be started: ${error.message}`, { cause: error });
}

const tail = (text: string): string => text.trimEnd().split('\n').slice(-20).join('\n');
