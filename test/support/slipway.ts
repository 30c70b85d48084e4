import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The repository, from dist/test/support. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
/** The command as it is shipped. */
export const MAIN = join(ROOT, 'dist/bin/slipway.js');

const changed = (path: string): number => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (changed('dist/bin/slipway.js') < changed('dist/.tsbuildinfo'))
  throw new Error('dist/bin is not made of what is in dist/src now: npm run build');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of `--json`, parsed. */
  readonly result: Readonly<Record<string, unknown>>;
}

export interface RunOptions {
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly timeoutMs?: number;
  readonly stdin?: string;
  /** Each line of `--json` as it comes. */
  readonly onEvent?: (event: Readonly<Record<string, unknown>>, child: ChildProcess) => void;
}

/** The real command, as a user runs it. */
export async function slipway(args: readonly string[], options: RunOptions): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, SLIPWAY_HOME: options.home, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const { onEvent } = options;
  if (onEvent !== undefined) createInterface({ input: child.stdout }).on('line', (line) => onEvent(lastObject(line), child));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 600_000);
  const code = await new Promise<number>((resolve) =>
    child.on('close', (status, signal) => resolve(status ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15))),
  );
  clearTimeout(timer);
  return { code, stdout, stderr, result: args.includes('--json') ? lastObject(stdout) : {} };
}

function lastObject(stdout: string): Readonly<Record<string, unknown>> {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
