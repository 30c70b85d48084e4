import type { Reporter } from '../core/event.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Step } from '../core/plan.js';
import { inspect } from './inspect.js';
import { type LogStarts, measureLogs, type PerformOptions, perform } from './perform.js';

export type HostOf = (name: string) => Host;

/**
 * Does the steps: hosts and lanes side by side, the steps of a lane in order, each inspected at its turn and done only where it would
 * change something. The first failure ends the other lanes and is thrown.
 * @throws Failure of the first step that failed
 */
export async function apply(steps: readonly Step[], host: HostOf, report: Reporter, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const failures: Failure[] = [];
  const lanes = inLanes(steps);
  const logStarts = await measureLogs(steps, host);
  await Promise.all(
    lanes.map(async (lane) => {
      for (const step of lane) {
        if (both.aborted) return;
        const failure = await doStep(step, host(step.host), report, { signal: both, logStarts });
        if (failure !== undefined) {
          failures.push(failure);
          stop.abort();
          return;
        }
      }
    }),
  );
  signal?.throwIfAborted();
  const first = failures.find((failure) => failure.kind !== 'cancelled') ?? failures[0];
  if (first !== undefined) throw first;
}

async function doStep(
  step: Step,
  host: Host,
  report: Reporter,
  run: { readonly signal: AbortSignal; readonly logStarts: LogStarts },
): Promise<Failure | undefined> {
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
