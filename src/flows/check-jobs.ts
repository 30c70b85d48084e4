import type { Env } from '../core/command.js';
import type { DjangoMessage, Drift, Trouble } from '../findings/evidence.js';
import { type Job, parseTaskEvents, type TaskEvent, tasksCommand } from '../ops/runtime.js';
import type { Context } from './context.js';
import { type Draft, pythonOf, runtimeRequest, withInterpreter } from './draft.js';

/** What Django's own checks and its migrations came to. */
export interface JobAnswers {
  readonly messages?: readonly DjangoMessage[];
  readonly drift?: Drift;
  readonly troubles: readonly Trouble[];
}

/** Runs Django's checks, and with `drift` a look at its migrations, in one interpreter; one that fails leaves the other. */
export async function runCheckJobs(
  draft: Draft,
  context: Context,
  settings: string,
  env: Env,
  drift: boolean,
): Promise<JobAnswers> {
  const jobs: Job[] = drift ? [{ job: 'check' }, { job: 'drift' }] : [{ job: 'check' }];
  const command = tasksCommand(pythonOf(draft), runtimeRequest(draft, settings), jobs, withInterpreter(draft, env), true);
  const { stdout, stderr } = await draft.app.host.exec({ ...command, timeoutSeconds: 120 }, { signal: context.signal });
  const ended = parseTaskEvents(stdout).filter(({ event }) => event !== 'progress');
  const done = (job: string) => ended.find((event) => event.job === job && event.event === 'done');
  const silent = ended.length === 0 ? [{ ...NOTHING, message: lastLine(stderr) }] : [];
  return {
    ...messagesOf(done('check')),
    ...driftOf(done('drift')),
    troubles: [...ended.filter(({ event }) => event === 'failed').map(trouble), ...silent],
  };
}

const NOTHING: Trouble = { code: 'setup', kind: 'project', message: '', hint: 'python manage.py check', where: '' };

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

const HINTS: Readonly<Record<string, string>> = { drift: 'python manage.py makemigrations --check --dry-run' };

function trouble(event: TaskEvent): Trouble {
  const frame = lastFrame(event['error']);
  return {
    code: event.job,
    kind: 'project',
    message: String(event['message'] ?? ''),
    hint: HINTS[event.job] ?? 'python manage.py check --deploy',
    where: frame ?? '',
  };
}

function lastFrame(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('frames' in error) || !Array.isArray(error.frames)) return undefined;
  const frame: unknown = error.frames.at(-1);
  if (typeof frame !== 'object' || frame === null || !('file' in frame) || !('line' in frame)) return undefined;
  return `${String(frame.file)}:${String(frame.line)}`;
}

function messagesOf(event: TaskEvent | undefined): Pick<JobAnswers, 'messages'> {
  const messages = event?.['messages'];
  return Array.isArray(messages) ? { messages: messages.filter(isMessage) } : {};
}

export const isMessage = (value: unknown): value is DjangoMessage =>
  typeof value === 'object' && value !== null && ['id', 'level', 'msg', 'hint', 'silenced'].every((name) => name in value);

function driftOf(event: TaskEvent | undefined): Pick<JobAnswers, 'drift'> {
  if (event === undefined) return {};
  const list = (name: string): unknown[] => (Array.isArray(event[name]) ? event[name] : []);
  return {
    drift: {
      conflicts: list('conflicts').filter(isConflict),
      missing: list('missing').filter(isMissing),
      without: list('without').filter((label) => typeof label === 'string'),
    },
  };
}

const isConflict = (value: unknown): value is Drift['conflicts'][number] =>
  typeof value === 'object' && value !== null && 'app' in value && 'names' in value;

const isMissing = (value: unknown): value is Drift['missing'][number] =>
  typeof value === 'object' && value !== null && 'app' in value && 'own' in value && 'operations' in value && 'kinds' in value;
