import { Failure } from '../core/failure.js';
import type { Change, Plan, Step } from '../core/plan.js';
import type { HostOf } from './apply.js';
import { inspect } from './inspect.js';

/** A dry run: what each step would change. The run is this and then the last function. */
export async function plan(target: string, release: string, steps: readonly Step[], host: HostOf): Promise<Plan> {
  const changes = await Promise.all(steps.map((step) => foresee(step, host)));
  return { target, release, steps: steps.map((step, i) => ({ ...step, change: changes[i] ?? { kind: 'unknown' } })) };
}

/** What a question needs that an earlier step brings: until then nobody knows. */
const BROUGHT = ['USER_MISSING', 'COMMAND_NOT_FOUND', 'COMMAND_NOT_STARTED', 'SECRET_MISSING'];

async function foresee({ action, host: name }: Step, host: HostOf): Promise<Change> {
  try {
    return await inspect(action, host(name));
  } catch (error) {
    if (error instanceof Failure && BROUGHT.includes(error.code)) return { kind: 'unknown' };
    throw error;
  }
}
