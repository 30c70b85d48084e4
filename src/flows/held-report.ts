import type { Event, Reporter } from '../core/event.js';

/** Tells later what happens now: work that is done ahead of its turn is told of in its turn. */
export interface HeldReport {
  readonly report: Reporter;
  /** Tells what was held, and from now on each event as it comes. */
  release(): void;
}

/** @param to who is told */
export function holdReport(to: Reporter): HeldReport {
  let held: Event[] | undefined = [];
  return {
    report: (event) => {
      if (held === undefined) to(event);
      else held.push(event);
    },
    release: () => {
      const events = held ?? [];
      held = undefined;
      for (const event of events) to(event);
    },
  };
}
