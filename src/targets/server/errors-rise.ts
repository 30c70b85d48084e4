/** How many were asked, and how many of them failed: a 5xx, or no answer at all. */
export interface Level {
  readonly requests: number;
  readonly failed: number;
}

/** What is known of an edge at a time. */
export interface Watched {
  /** Of our own requests through it. */
  readonly probe: Level;
  /** Of everybody's, in its access log. */
  readonly visitors: Level;
}

/** Fewer failures than these are told and nothing is done: one visitor can meet a page that has always failed. */
export const LEAST = { probe: 3, visitors: 5 } as const;

/** A share of failures counts as risen when it is twice what it was, and these points above it. */
const POINTS = { probe: 0.1, visitors: 0.02 } as const;

const share = ({ requests, failed }: Level): number => (requests === 0 ? 0 : failed / requests);

const hasRisen = (of: keyof Watched, before: Watched, after: Watched): boolean =>
  after[of].failed >= LEAST[of] &&
  share(after[of]) >= 2 * share(before[of]) &&
  share(after[of]) >= share(before[of]) + POINTS[of];

/**
 * Why a release is worse than the one before it, in words; undefined while it is not.
 * @param before while the other release was live @param after since the switch
 */
export function errorsRise(before: Watched, after: Watched): string | undefined {
  if (hasRisen('probe', before, after))
    return `${told(after.probe)} requests through the front server failed${was(before.probe)}`;
  if (hasRisen('visitors', before, after)) return `${told(after.visitors)} answers to visitors were a 5xx${was(before.visitors)}`;
  return undefined;
}

const told = ({ requests, failed }: Level): string => `${failed} of ${requests}`;
const was = (level: Level): string => (level.requests === 0 ? '' : `; before the switch it was ${told(level)}`);
