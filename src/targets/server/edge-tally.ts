import type { Level, Watched } from './errors-rise.js';

/** One of our own requests; `status` null when no answer came. */
export interface Probed {
  readonly ms: number;
  readonly status: number | null;
}

/** Answers in the edge's access log. `isNew`: of the release that was switched to, or of nobody, since none could be reached. */
export interface Logged extends Level {
  readonly isNew: boolean;
}

/** What our own requests met, before, during and after the switch. */
export interface Proof {
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** `here`: over the network, from the machine Slipway runs on; `host`: from the server itself, which is not reached from here. */
  readonly from: 'here' | 'host';
}

const NONE: Level = { requests: 0, failed: 0 };
const sum = (one: Level, other: Level): Level => ({
  requests: one.requests + other.requests,
  failed: one.failed + other.failed,
});

/** Counts what is seen at an edge, by whether it was before or after the switch. */
export class EdgeTally {
  readonly #times: number[] = [];
  #failed = 0;
  #unanswered = 0;
  #isAfter = false;
  #before: Watched = { probe: NONE, visitors: NONE };
  #after: Watched = { probe: NONE, visitors: NONE };

  /** From now on what comes is of the new release. */
  switched(): void {
    this.#isAfter = true;
  }

  probed({ ms, status }: Probed): void {
    const failed = status === null || status >= 500 ? 1 : 0;
    this.#times.push(ms);
    this.#failed += failed;
    if (this.#isAfter && status === null) this.#unanswered += 1;
    this.#add('probe', { requests: 1, failed }, this.#isAfter);
  }

  /** Of the release before, what is still answered after the switch says nothing of the new one. */
  logged({ isNew, ...level }: Logged): void {
    this.#add('visitors', level, this.#isAfter && isNew);
  }

  get before(): Watched {
    return this.#before;
  }

  get after(): Watched {
    return this.#after;
  }

  /** Whether all failures of our own since the switch had no answer: the way there may be what is broken. */
  get isSilent(): boolean {
    return this.#unanswered > 0 && this.#unanswered === this.#after.probe.failed;
  }

  proof(from: Proof['from']): Proof {
    const sorted = [...this.#times].sort((a, b) => a - b);
    const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    return { requests: sorted.length, failed: this.#failed, p50: at(0.5), p99: at(0.99), from };
  }

  #add(of: keyof Watched, level: Level, isAfter: boolean): void {
    if (isAfter) this.#after = { ...this.#after, [of]: sum(this.#after[of], level) };
    else this.#before = { ...this.#before, [of]: sum(this.#before[of], level) };
  }
}

/** `31 requests, 0 failed, p99 12 ms` */
export const describeProof = ({ requests, failed, p99 }: Proof): string =>
  `${requests} ${requests === 1 ? 'request' : 'requests'}, ${failed} failed, p99 ${p99} ms`;
