import { describeProof, type Proof } from '../../targets/server/edge-tally.js';
import type { Context } from '../context.js';
import { type EdgeWatch, watchEdge } from './edge-watch.js';
import { hasRole } from './fleet.js';
import type { Part } from './part.js';

/** How long errors are watched for after the last switch, unless slipway.yml says. */
const WATCH_SECONDS = 5;

/** The edges of a release's hosts, watched while it goes live on one after the other. */
export class FleetWatch {
  readonly #watches = new Map<Part, Promise<EdgeWatch>>();

  constructor(
    readonly context: Context,
    parts: readonly Part[],
  ) {
    // Where something is live already, what visitors get before the switch is seen too.
    for (const part of parts) if (part.current !== undefined && hasRole(part.app, 'web')) this.#begin(part);
  }

  /** The host has switched. */
  async switched(part: Part): Promise<void> {
    (await this.#watches.get(part))?.switched();
  }

  /** The host's edge answers. */
  async answers(part: Part): Promise<void> {
    if (this.#watches.has(part) || !hasRole(part.app, 'web')) return;
    (await this.#begin(part)).switched();
  }

  /**
   * Goes on watching for the time that slipway.yml says. Where there is nothing to go back to it does not: what visitors get is better than
   * nothing.
   * @throws Failure ERRORS_ROSE as soon as they have on one host
   */
  async hold(): Promise<void> {
    const holds = [...this.#watches].map(async ([{ app, before }, watch]) => {
      if (before === undefined) return;
      await (await watch).hold(app.config.rollout?.watch_seconds ?? WATCH_SECONDS, before.version);
    });
    try {
      await Promise.all(holds);
    } finally {
      for (const watch of this.#watches.values()) watch.then((one) => one.endHold()).catch(() => {});
      await Promise.allSettled(holds);
    }
  }

  /** Ends it; what was seen on each host whose edge was watched. */
  async stop(): Promise<ReadonlyMap<Part, Proof>> {
    const proofs = await Promise.all(
      [...this.#watches].map(async ([part, watch]) => [part, await (await watch).stop()] as const),
    );
    return new Map(proofs);
  }

  #begin(part: Part): Promise<EdgeWatch> {
    const watch = watchEdge(part.app, this.context, part.release);
    // Whoever asks for it is told.
    watch.catch(() => {});
    this.#watches.set(part, watch);
    return watch;
  }
}

/** `31 requests, 0 failed, p99 12 ms`; of several hosts, all together, with the worst p99. */
export function describeProofs(proofs: Iterable<Proof>): string {
  const all = [...proofs];
  const [first] = all;
  if (first === undefined) return '';
  const sum = (of: 'requests' | 'failed'): number => all.reduce((total, proof) => total + proof[of], 0);
  return describeProof({
    ...first,
    requests: sum('requests'),
    failed: sum('failed'),
    p99: Math.max(...all.map(({ p99 }) => p99)),
  });
}
