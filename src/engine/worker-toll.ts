/** One worker may end by accident, and two together; the third is a habit. */
const FEWEST = 3;
/** Between the end of one worker and the start of the next, supervisors wait for less than that. */
const NONE_MS = 5000;

/** Counts the workers of a server that has not answered yet: some servers start them again for ever. */
export class WorkerToll {
  readonly #seen = new Set<string>();
  #noneSince: number | undefined;

  /** @param count how many there are to be at a time */
  constructor(readonly count: number) {}

  /**
   * What one look has found. One that is slow, or whose workers have each ended once, is left its time.
   * @param alive process ids
   * @param at ms of any clock
   * @returns why it will not become ready
   */
  see(alive: readonly string[], at: number): string | undefined {
    for (const pid of alive) this.#seen.add(pid);
    const ended = this.#seen.size - alive.length;
    this.#noneSince = alive.length === 0 && ended > 0 ? (this.#noneSince ?? at) : undefined;
    if (ended >= Math.max(FEWEST, this.count + 1)) return `its workers end as they start: ${ended} of them until now`;
    const isLeft = this.#noneSince !== undefined && at - this.#noneSince >= NONE_MS;
    return isLeft ? `its workers have ended, and none was started again: ${ended} of them` : undefined;
  }
}
