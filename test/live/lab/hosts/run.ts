import { execFile } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of this machine to its end, whatever its exit code. @throws when it cannot be started */
export function tryRun(argv: readonly string[], options: { timeoutMs?: number; input?: string } = {}): Promise<Ran> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { timeout: options.timeoutMs ?? 120_000, maxBuffer: 64 * 1024 * 1024, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code === 'string') return reject(error);
        const failed = error === null ? 0 : typeof error.code === 'number' ? error.code : 128;
        resolve({ code: failed, stdout, stderr });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** As `tryRun`, and gives what it printed. @throws with what it said when its exit code is not 0 */
export async function run(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryRun(argv, { timeoutMs: 600_000 });
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${(stderr || stdout).trim()}`);
  return stdout;
}
