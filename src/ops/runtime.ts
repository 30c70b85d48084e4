import { type Command, type Env, isSecret } from '../core/command.js';
import type { Facts, ProbeError } from '../core/facts.js';
import { Failure } from '../core/failure.js';
import type { Json } from '../core/plan.js';

/** Marks our lines among whatever a project prints while it loads. */
const SENTINEL = '@@SLIPWAY@@';

export interface RuntimeRequest {
  /** Root of the source the project's code is read from. */
  readonly root: string;
  /** Working directory: the one of manage.py. */
  readonly directory: string;
  readonly manage: string | null;
  readonly settings: string | null;
  readonly configuration: string | null;
}

export type ProbeAnswer = { readonly ok: true; readonly facts: Facts } | { readonly ok: false; readonly error: ProbeError };

export type Want = 'settings' | 'apps' | 'urls' | 'celery' | 'commands' | 'migrations';

/** The project's own Django, run up to loaded settings and asked. */
export function probeCommand(python: string, request: RuntimeRequest, want: readonly Want[], env: Env): Command {
  return runtimeCommand(python, 'slipway_runtime.probe', { ...request, want: [...want] }, env);
}

/** @throws Failure PROBE_SILENT when the interpreter ended without an answer */
export function parseProbe(stdout: string, stderr: string): ProbeAnswer {
  const line = sentinelLines(stdout).at(-1);
  if (line === undefined) {
    throw new Failure('PROBE_SILENT', 'project', 'The project ended the interpreter while its settings were read', {
      detail: lastLines(stderr || stdout),
      hint: 'run `python manage.py check` in the project and mend what it says',
    });
  }
  const answer: unknown = JSON.parse(line);
  if (isProbeAnswer(answer)) return answer;
  throw new Failure('BUG', 'bug', 'The probe gave an answer of another shape');
}

export type Job =
  | { readonly job: 'check' }
  | { readonly job: 'drift' }
  /** `refuse`: kinds of operations; where the project's own models lack one, or migrations conflict, no job comes after it. */
  | { readonly job: 'plan'; readonly refuse?: readonly string[] }
  | { readonly job: 'makemigrations'; readonly folder: string; readonly labels: readonly string[] }
  | { readonly job: 'migrate'; readonly fake_initial?: true }
  | { readonly job: 'createcachetable' }
  | { readonly job: 'collectstatic'; readonly root: string; readonly manifest: 'try' | 'keep' };

/** Several jobs of `manage.py` in one interpreter, so that Django is set up once. @param goOn do the others when one fails */
export function tasksCommand(python: string, request: RuntimeRequest, jobs: readonly Job[], env: Env, goOn = false): Command {
  return runtimeCommand(
    python,
    'slipway_runtime.tasks',
    { ...request, jobs: jobs.map((job) => ({ ...job })), ...(goOn ? { go_on: true } : {}) },
    env,
  );
}

/**
 * One command of the project's manage.py, as it prints and ends by itself.
 * @param keep what it starts in turn gets the secrets too
 */
export const manageCommand = (
  python: string,
  request: RuntimeRequest,
  argv: readonly string[],
  env: Env,
  keep: boolean,
): Command => runtimeCommand(python, 'slipway_runtime.manage', { ...request, argv, keep }, env);

export interface TaskEvent {
  readonly job: string;
  readonly event: 'progress' | 'done' | 'failed';
  readonly [field: string]: unknown;
}

/** Our lines of what the tasks printed, in order. */
export function parseTaskEvents(stdout: string): TaskEvent[] {
  return sentinelLines(stdout)
    .map((line): unknown => JSON.parse(line))
    .filter(isTaskEvent);
}

/** One line of a task's output, where it is one of ours. */
export function taskEventOf(line: string): TaskEvent | undefined {
  return line.startsWith(SENTINEL) ? parseTaskEvents(line)[0] : undefined;
}

/** Secrets reach it by standard input: what a process is started with is seen by others of the same user, who may be building another app. */
function runtimeCommand(python: string, module: string, request: { readonly [key: string]: Json }, env: Env): Command {
  const secrets = Object.fromEntries(Object.entries(env).filter(([, value]) => isSecret(value)));
  const plain = Object.fromEntries(Object.entries(env).filter(([, value]) => !isSecret(value)));
  return {
    argv: [python, '-m', module],
    // `python -m` puts the working directory first on its path, and a project's own `platform.py` would stand before Python's.
    cwd: '/',
    env: { ...plain, PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' },
    stdin: { json: { ...request, environment: secrets } },
  };
}

const sentinelLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(SENTINEL))
    .map((line) => line.slice(SENTINEL.length));

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-15).join('\n');

function isProbeAnswer(value: unknown): value is ProbeAnswer {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true ? 'facts' in value : 'error' in value;
}

function isTaskEvent(value: unknown): value is TaskEvent {
  return typeof value === 'object' && value !== null && 'job' in value && 'event' in value;
}
