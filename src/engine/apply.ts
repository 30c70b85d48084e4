import type { Reporter } from '../core/event.js';
import { Failure } from '../core/failure.js';
import type { Host, InOrder, InOrderEvent } from '../core/host.js';
import type { Step } from '../core/plan.js';
import { inspect } from './inspect.js';
import { endedBadly, type LogStarts, measureLogs, type PerformOptions, perform } from './perform.js';

export type HostOf = (name: string) => Host;

/**
 * Does the steps: hosts and lanes side by side, the steps of a lane in order, each inspected at its turn and done only where it would
 * change something. A host that is far does as many as it can by itself for one question. The first failure ends the other lanes and is thrown.
 * @throws Failure of the first step that failed
 */
export async function apply(steps: readonly Step[], host: HostOf, report: Reporter, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const failures: Failure[] = [];
  // Asked before anything is done, and answered long before a step could have made a log say something.
  const logStarts = measureLogs(steps, host);
  logStarts.catch(() => {});
  const run = { signal: both, logStarts };
  await Promise.all(
    inLanes(steps).map(async (lane) => {
      for (const part of inParts(lane, host)) {
        if (both.aborted) return;
        const failure = await doPart(part, report, run);
        if (failure === undefined) continue;
        failures.push(failure);
        stop.abort();
        return;
      }
    }),
  );
  signal?.throwIfAborted();
  const first = failures.find((failure) => failure.kind !== 'cancelled') ?? failures[0];
  if (first !== undefined) throw first;
}

interface Run {
  readonly signal: AbortSignal;
  readonly logStarts: Promise<LogStarts>;
}

/** Steps of a lane that are done together: several where their host does them by itself, else one. */
interface Part {
  readonly host: Host;
  /** Set where the host does them by itself. */
  readonly inOrder: InOrder | undefined;
  readonly steps: [Step, ...Step[]];
}

function inParts(lane: readonly Step[], host: HostOf): Part[] {
  const parts: Part[] = [];
  for (const step of lane) {
    const at = host(step.host);
    const inOrder = at.inOrder?.takes(step.action) === true ? at.inOrder : undefined;
    const last = parts.at(-1);
    if (inOrder !== undefined && last?.inOrder !== undefined) last.steps.push(step);
    else parts.push({ host: at, inOrder, steps: [step] });
  }
  return parts;
}

/** @returns the failure of the first step that failed, reported */
async function doPart({ host, inOrder, steps }: Part, report: Reporter, run: Run): Promise<Failure | undefined> {
  return inOrder === undefined ? doStep(steps[0], host, report, run) : doInOrder(steps, host, inOrder, report, run.signal);
}

async function doInOrder(
  steps: readonly [Step, ...Step[]],
  host: Host,
  inOrder: InOrder,
  report: Reporter,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  let [step] = steps;
  let began = performance.now();
  const at = () => ({ step: step.id, host: host.name });
  const failed = (failure: Failure): Failure => {
    report({ type: 'failed', ...at(), failure });
    return failure;
  };
  const tell = (event: InOrderEvent): void => {
    const seconds = (performance.now() - began) / 1000;
    if (event.event === 'started') {
      [step, began] = [steps[event.index] ?? step, performance.now()];
      report({ type: 'started', ...at(), title: step.title });
    } else if (event.event === 'output') report({ type: 'output', ...at(), line: event.line });
    else if (event.event === 'same') report({ type: 'same', ...at(), seconds });
    else report({ type: 'done', ...at(), seconds, ...(event.hostMs === undefined ? {} : { hostMs: event.hostMs }) });
  };
  try {
    const actions = steps.map(({ action }) => action);
    const end = await inOrder.run(actions, tell, signal);
    if (end === undefined) return undefined;
    return failed('failure' in end ? end.failure : endedBadly(step, host, end.exit));
  } catch (error) {
    return failed(Failure.from(error));
  }
}

async function doStep(step: Step, host: Host, report: Reporter, run: Run): Promise<Failure | undefined> {
  const at = { step: step.id, host: host.name };
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  report({ type: 'started', ...at, title: step.title });
  try {
    const { kind } = await inspect(step.action, host);
    const onLine = (line: string) => report({ type: 'output', ...at, line });
    const hostMs = kind === 'same' ? undefined : await timed(step, host, { ...run, onLine });
    const took = { seconds: seconds(), ...(hostMs === undefined ? {} : { hostMs }) };
    report({ type: kind === 'same' ? 'same' : 'done', ...at, ...took });
    return undefined;
  } catch (error) {
    const failure = Failure.from(error);
    report({ type: 'failed', ...at, failure });
    return failure;
  }
}

/** Of a link, gives how long the host itself took, in ms. */
async function timed(step: Step, host: Host, options: PerformOptions): Promise<number | undefined> {
  if (step.action.kind === 'link') return host.link(step.action.path, step.action.to);
  await perform(step, host, options);
  return undefined;
}

function inLanes(steps: readonly Step[]): Step[][] {
  const lanes = new Map<string, Step[]>();
  for (const step of steps) {
    const key = `${step.host}\n${step.lane ?? ''}`;
    const lane = lanes.get(key);
    if (lane) lane.push(step);
    else lanes.set(key, [step]);
  }
  return [...lanes.values()];
}
