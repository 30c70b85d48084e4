import { spawn } from 'node:child_process';

export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** After that long it is killed, and 137 is its code. */
  readonly timeoutMs?: number;
}

/** Runs one program to its end, without a shell; what it exits with is told, not thrown. */
export async function runProgram(argv: readonly [string, ...string[]], options: ProgramOptions = {}): Promise<ProgramRun> {
  const child = spawn(argv[0], argv.slice(1), { cwd: options.cwd, env: options.env, stdio: ['pipe', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 600_000);
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error: Error) => {
      text.stderr += String(error);
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(status ?? (signal === 'SIGKILL' ? 137 : 143)));
  });
  clearTimeout(timer);
  return { code, ...text };
}

/** The last line of a `--json` output, parsed; {} when it is none. */
export function lastJsonLine(stdout: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
