import type { Reporter } from '../core/event.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Change, Step } from '../core/plan.js';
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
      const foreseen = foresee(lane, host);
      let isTouched = false;
      for (const [index, step] of lane.entries()) {
        if (both.aborted) return;
        // What was seen before something was changed may not be so any more.
        const known = isTouched ? undefined : await foreseen[index];
        const { kind, failure } = await doStep(step, host(step.host), report, { signal: both, logStarts }, known);
        isTouched ||= kind !== 'same';
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

/**
 * What each step of a lane would change, all asked at once where a question has a way to go: most deployments find most things as they are.
 * Nothing of a step that only tells in its time, or on a host that is near.
 */
function foresee(lane: readonly Step[], host: HostOf): Promise<Change | undefined>[] {
  return lane.map(async ({ action, host: name }) => {
    const at = host(name);
    if (at.isFar !== true || action.kind === 'wait') return undefined;
    return inspect(action, at).catch(() => undefined);
  });
}

async function doStep(
  step: Step,
  host: Host,
  report: Reporter,
  run: { readonly signal: AbortSignal; readonly logStarts: LogStarts },
  known: Change | undefined,
): Promise<{ readonly kind: Change['kind']; readonly failure?: Failure }> {
  const at = { step: step.id, host: host.name };
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  report({ type: 'started', ...at, title: step.title });
  try {
    const { kind } = known ?? (await inspect(step.action, host));
    const onLine = (line: string) => report({ type: 'output', ...at, line });
    const hostMs = kind === 'same' ? undefined : await timed(step, host, { ...run, onLine });
    const took = { seconds: seconds(), ...(hostMs === undefined ? {} : { hostMs }) };
    report({ type: kind === 'same' ? 'same' : 'done', ...at, ...took });
    return { kind };
  } catch (error) {
    const failure = Failure.from(error);
    report({ type: 'failed', ...at, failure });
    return { kind: 'unknown', failure };
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
