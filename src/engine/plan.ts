import type { Plan, Step } from '../core/plan.js';
import type { HostOf } from './apply.js';
import { inspect } from './inspect.js';

/** A dry run: what each step would change. The run is this and then the last function. */
export async function plan(target: string, release: string, steps: readonly Step[], host: HostOf): Promise<Plan> {
  const changes = await Promise.all(steps.map((step) => inspect(step.action, host(step.host))));
  return { target, release, steps: steps.map((step, i) => ({ ...step, change: changes[i] ?? { kind: 'unknown' } })) };
}
