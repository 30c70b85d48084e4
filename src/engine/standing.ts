import type { Reporter } from '../core/event.js';
import type { Host } from '../core/host.js';
import type { Step } from '../core/plan.js';
import { inspect } from './inspect.js';

/** Whether none of a host's steps would change anything now; false also where that cannot be told. Touches nothing. */
export async function areStanding(steps: readonly Step[], host: Host, signal?: AbortSignal): Promise<boolean> {
  const { inOrder } = host;
  const actions = steps.map(({ action }) => action);
  try {
    if (inOrder !== undefined && actions.every((action) => inOrder.takes(action))) return await inOrder.judge(actions, signal);
    for (const action of actions) if ((await inspect(action, host)).kind !== 'same') return false;
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** Tells of steps that were found standing what would be told of them at their turn. */
export function reportStanding(steps: readonly Step[], report: Reporter): void {
  for (const { id, host, title } of steps) {
    report({ type: 'started', step: id, host, title });
    report({ type: 'same', step: id, host, seconds: 0 });
  }
}
