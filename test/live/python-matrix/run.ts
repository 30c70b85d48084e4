import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The Python scripts beside this file's source. */
export const SCRIPTS = join(import.meta.dirname, '..', '..', '..', '..', 'test', 'live', 'python-matrix');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs a program with nothing of this process's environment but the PATH; resolves whatever its exit code is. */
export function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> {
  const [program, ...rest] = argv;
  const env = { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1', ...options.env };
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { cwd: options.cwd, env, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
  });
}

/** Runs the interpreter of virtual environment `venv`. */
export function python(venv: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run([join(venv, 'bin', 'python'), ...argv], options);
}
