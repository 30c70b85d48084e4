import type { Reporter } from '../core/event.js';
import type { Stage } from '../core/plan.js';

/** Runs one stage and tells how long it took. `work` gives what it did, in a few words; '' where there is nothing to say. */
export async function stage<T>(report: Reporter, name: Stage, work: () => Promise<{ summary: string; result: T }>): Promise<T> {
  const began = performance.now();
  report({ type: 'stage', stage: name });
  const { summary, result } = await work();
  report({ type: 'stage-done', stage: name, summary, seconds: (performance.now() - began) / 1000 });
  return result;
}
