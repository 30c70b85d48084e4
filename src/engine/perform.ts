import { display } from '../core/command.js';
import { mismatch } from '../core/expectation.js';
import { Failure } from '../core/failure.js';
import type { Exit, Host } from '../core/host.js';
import { logExcerpt } from '../core/log-excerpt.js';
import type { Action, Step } from '../core/plan.js';
import { waitUntil } from './wait.js';

const LOG_LAG_MS = 200;

export interface PerformOptions {
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** How long each log was before the first step of the lane: what is told of it afterwards is of this run. */
  readonly logStarts?: Promise<LogStarts>;
}

export type LogStarts = ReadonlyMap<string, number>;

/** Lengths now of the logs that the steps may tell of. */
export async function measureLogs(steps: readonly Step[], host: (name: string) => Host): Promise<LogStarts> {
  const files = steps.flatMap(({ action, host: name }) =>
    action.kind === 'wait' || action.kind === 'expect'
      ? (action.log ?? []).flatMap((log): [string, string][] => (typeof log === 'string' ? [[log, name]] : []))
      : [],
  );
  const lengths = [...new Map(files)].map(
    async ([path, name]): Promise<[string, number]> => [path, ((await host(name).read(path)) ?? '').length],
  );
  return new Map(await Promise.all(lengths));
}

/** Does one step. @throws Failure as the step says, else COMMAND_FAILED, REQUEST_REFUSED or NOT_READY */
export async function perform(step: Step, host: Host, options: PerformOptions): Promise<void> {
  const { action } = step;
  switch (action.kind) {
    case 'file':
      return host.write(action.path, action.content, action.mode);
    case 'link':
      await host.link(action.path, action.to);
      return;
    case 'folder':
      return host.folder(action.path, action.mode);
    case 'remove':
      return host.remove(action.path);
    case 'sync':
      return host.sync(action, options.signal);
    case 'run':
      return run(step, action, host, options);
    case 'request': {
      const { status, body } = await host.request(action.request, options.signal);
      if ((action.request.expect ?? [200]).includes(status)) return;
      throw told(step, 'REQUEST_REFUSED', `${action.request.path} answered ${status}`, body);
    }
    case 'expect': {
      const response = await host.request(action.request, options.signal);
      const problem = mismatch(response, action.expectation);
      if (problem === undefined) return;
      // What the app says of it goes through a pipe and another process.
      await new Promise((wake) => setTimeout(wake, LOG_LAG_MS));
      const lines = await lastLines(action, host, options.logStarts);
      const message = `${action.request.path} ${problem}`;
      throw told(step, 'VERIFY_FAILED', `${step.title}: ${message}`, [message, ...lines].join('\n'));
    }
    case 'wait':
      return wait(step, action, host, options);
  }
}

async function run(step: Step, action: Extract<Action, { kind: 'run' }>, host: Host, options: PerformOptions): Promise<void> {
  const exit = await host.exec(action.command, options);
  if (exit.code !== 0) throw endedBadly(step, host, exit);
}

/** The failure of a step whose command ended otherwise than with 0. */
export function endedBadly(step: Step, host: Host, { code, stdout, stderr }: Exit): Failure {
  const said = [stdout, stderr].map((text) => text.trimEnd()).filter((text) => text !== '');
  const what = step.action.kind === 'run' ? display(step.action.command) : step.title;
  return told(step, 'COMMAND_FAILED', `${what} exited with ${code} on ${host.name}`, said.join('\n'));
}

async function wait(
  step: Step,
  action: Extract<Action, { kind: 'wait' }>,
  host: Host,
  { signal, logStarts }: PerformOptions,
): Promise<void> {
  const why = await waitUntil(action, host, signal);
  if (why === undefined) return;
  const lines = await lastLines(action, host, logStarts);
  throw told(step, 'NOT_READY', `${step.title}: ${why[0]}`, [...why, ...lines].join('\n'));
}

/** What the logs say of this run; one that has become shorter was turned over meanwhile. */
async function lastLines(
  action: Extract<Action, { kind: 'wait' | 'expect' }>,
  host: Host,
  measured: Promise<LogStarts> | undefined,
): Promise<string[]> {
  const starts = await measured;
  const logs = await Promise.all(
    (action.log ?? []).map(async (path) => {
      if (typeof path !== 'string') return (await host.exec(path)).stdout;
      const text = (await host.read(path)) ?? '';
      const start = starts?.get(path) ?? 0;
      return text.length < start ? text : text.slice(start);
    }),
  );
  return logs.flatMap((text) => logExcerpt(text, action.code));
}

function told(step: Step, code: string, message: string, detail: string): Failure {
  const told = step.failure;
  const more = { ...(told?.hint === undefined ? {} : { hint: told.hint }), ...(detail === '' ? {} : { detail }) };
  return told === undefined
    ? new Failure(code, 'remote', message, more)
    : new Failure(told.code, told.kind, told.message, { ...more, cause: message });
}
