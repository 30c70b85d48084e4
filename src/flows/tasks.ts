import type { Env } from '../core/command.js';
import type { Reporter } from '../core/event.js';
import type { ProbeError } from '../core/facts.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Project } from '../core/project.js';
import { type Job, type RuntimeRequest, type TaskEvent, taskEventOf, tasksCommand } from '../ops/runtime.js';
import { probeFailure } from './probe-failure.js';

export interface TasksRun {
  readonly host: Host;
  readonly project: Project;
  readonly python: string;
  readonly request: RuntimeRequest;
  readonly env: Env;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** The step that output is told under. */
  readonly step: string;
}

/**
 * Runs jobs of the project's Django in one interpreter and gives what each came to. A job that failed is among the events; what made the
 * whole run fail (settings, a crash) is thrown.
 * @throws Failure TASKS_FAILED, SETUP_FAILED, VARIABLE_MISSING, FILE_MISSING (project)
 */
export async function runTasks(run: TasksRun, jobs: readonly Job[]): Promise<TaskEvent[]> {
  const events: TaskEvent[] = [];
  const { code, stderr } = await run.host.exec(tasksCommand(run.python, run.request, jobs, run.env), {
    signal: run.signal,
    onLine: (line) => {
      const event = taskEventOf(line);
      if (event !== undefined) events.push(event);
      const text = event === undefined ? line : progressText(event);
      if (text !== undefined) run.report({ type: 'output', step: run.step, host: run.host.name, line: text });
    },
  });
  const setup = events.find(({ job, event }) => job === 'setup' && event === 'failed');
  if (setup !== undefined) {
    const lacking = lackOf(setup, run.project);
    if (lacking !== undefined) throw lacking;
    throw new Failure(
      'SETUP_FAILED',
      'project',
      `The project does not start with its production settings: ${String(setup['message'] ?? '')}`,
      {
        detail: JSON.stringify(setup['error'], null, 1),
        hint: 'run `python manage.py check` in the project and mend what it says',
      },
    );
  }
  const failed = events.some((event) => event.event === 'failed' || event['stop'] === true);
  const ended = new Set(events.filter(({ event }) => event !== 'progress').map(({ job }) => job));
  const missing = jobs.find(({ job }) => !ended.has(job));
  if (missing !== undefined && !failed) {
    throw new Failure('TASKS_FAILED', 'project', `\`${missing.job}\` did not end (exit code ${code})`, {
      detail: stderr.trimEnd().split('\n').slice(-25).join('\n'),
      hint: 'run it by hand in the project and mend what it says',
    });
  }
  return events;
}

/** What a job has failed for want of, where that is something only the owner has. */
export function lackOf(event: TaskEvent | undefined, project: Project): Failure | undefined {
  const error = event?.['error'];
  return isProbeError(error) && /^missing-(variable|file)$/.test(error.kind) ? probeFailure(error, project) : undefined;
}

const isProbeError = (value: unknown): value is ProbeError =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'message' in value &&
  'frames' in value &&
  Array.isArray(value.frames);

/** What one job came to. */
export const outcomeOf = (events: readonly TaskEvent[], job: Job['job']): TaskEvent | undefined =>
  events.find((event) => event.job === job && event.event !== 'progress');

const progressText = (event: TaskEvent): string | undefined =>
  typeof event['message'] === 'string' ? event['message'] : undefined;
