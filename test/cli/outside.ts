import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Flows } from '../../src/cli/flows.js';
import { run } from '../../src/cli/run.js';
import type { Output, Signal, Surroundings } from '../../src/cli/surroundings.js';
import { localHost } from '../../src/hosts/local.js';

export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface Outside {
  readonly env?: Record<string, string>;
  /** Whether standard input, output and error are a terminal. */
  readonly tty?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  readonly columns?: number;
  /** What is typed or piped in. */
  readonly input?: string;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Every line of standard output, parsed. */
  readonly json: () => Record<string, unknown>[];
}

export interface Bench {
  /** A temporary folder, the current one of the commands. */
  readonly folder: string;
  readonly run: (...argv: string[]) => Promise<Ended>;
  /** Sends a signal to whatever listens. */
  readonly send: (signal: Signal) => void;
  /** Nobody reads standard output any more. */
  readonly hangUp: () => void;
  /** Codes the process was ended with at once. */
  readonly exits: readonly number[];
}

/** Runs commands in this process against flows that a test gives; everything else about them is real. */
export function bench(t: TestContext, flows: Partial<Flows>, outside: Outside = {}): Bench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-cli-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const listeners = new Set<(signal: Signal) => void>();
  const closed: (() => void)[] = [];
  const exits: number[] = [];
  return {
    folder,
    exits,
    send: (signal) => {
      for (const listener of [...listeners]) listener(signal);
    },
    hangUp: () => {
      for (const each of closed) each();
    },
    run: async (...argv) => {
      const written = { stdout: '', stderr: '' };
      const output = (name: 'stdout' | 'stderr'): Output => ({
        write: (text) => {
          written[name] += text;
        },
        isTTY: outside.tty?.[name] ?? false,
        columns: () => outside.columns ?? 100,
        onClosed: (callback) => {
          if (name === 'stdout') closed.push(callback);
        },
      });
      const stream = new PassThrough();
      stream.end(outside.input ?? '');
      const surroundings: Surroundings = {
        stdout: output('stdout'),
        stderr: output('stderr'),
        stdin: { stream, isTTY: outside.tty?.stdin ?? false },
        env: { LANG: 'C.UTF-8', SLIPWAY_HOME: join(folder, 'state'), ...outside.env },
        cwd: folder,
        userHome: folder,
        packageRoot: ROOT,
        flows: { ...absentFlows, ...flows },
        host: async () => localHost(),
        onSignal: (received) => {
          listeners.add(received);
          return () => void listeners.delete(received);
        },
        exit: (code) => void exits.push(code),
      };
      const code = await run(argv, surroundings);
      return { code, ...written, json: () => parsed(written.stdout) };
    },
  };
}

function parsed(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${line}`);
      return { ...value };
    });
}

/** The code and the kind of the error of a result. */
export function codeAndKind(result: Record<string, unknown> | undefined): unknown[] {
  const error = result?.['error'];
  return typeof error === 'object' && error !== null && 'code' in error && 'kind' in error ? [error.code, error.kind] : [];
}

const unexpected = (): Promise<never> => Promise.reject(new Error('this test gave no such flow'));

const absentFlows: Flows = {
  up: unexpected,
  deploy: unexpected,
  plan: unexpected,
  down: unexpected,
  status: unexpected,
  releases: unexpected,
  rollback: unexpected,
  logs: unexpected,
  verify: unexpected,
  exec: unexpected,
  run: unexpected,
  remove: unexpected,
  history: unexpected,
  check: unexpected,
  doctor: unexpected,
  init: unexpected,
  trust: unexpected,
  secretsSet: unexpected,
  secretsList: unexpected,
  secretsUnset: unexpected,
};
