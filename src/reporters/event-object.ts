import type { Event } from '../core/event.js';
import { failureObject } from './failure-object.js';

/**
 * An event as one flat object of JSON, its `type` first. The types and their fields are public.
 * @param time when it happened
 */
export function eventObject(
  event: Event,
  time: Date,
): { readonly type: string; readonly time: string } & Readonly<Record<string, unknown>> {
  const head = { type: event.type, time: time.toISOString() };
  switch (event.type) {
    case 'failed':
      return { ...head, step: event.step, host: event.host, error: failureObject(event.failure) };
    case 'warning':
      return { ...head, ...event.warning };
    case 'planned': {
      const { target, release, steps } = event.plan;
      // What a step would write stays out: files are long, and what they hold is no one's business in a log.
      return {
        ...head,
        target,
        release,
        steps: steps.map(({ id, title, stage, host, change }) => ({ id, title, stage, host, change: change.kind })),
      };
    }
    default:
      return { ...event, ...head };
  }
}
