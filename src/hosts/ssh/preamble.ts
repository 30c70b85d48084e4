const MOST_BYTES = 1024 * 1024;

/**
 * What a login prints before our own program speaks (a banner, `.bashrc`) ends with a line that only our program knows.
 * Gives undefined until that line is there, then what follows it.
 */
export class Preamble {
  #seen: Buffer = Buffer.alloc(0);
  readonly #mark: Buffer;

  constructor(mark: string) {
    this.#mark = Buffer.from(`${mark}\n`);
  }

  /** @throws RangeError when there is no end of it */
  push(chunk: Buffer): Buffer | undefined {
    this.#seen = Buffer.concat([this.#seen, chunk]);
    const at = this.#seen.indexOf(this.#mark);
    if (at !== -1) {
      const rest = this.#seen.subarray(at + this.#mark.length);
      this.#seen = this.#seen.subarray(0, at);
      return rest;
    }
    if (this.#seen.length > MOST_BYTES) throw new RangeError('the login prints without end');
    return undefined;
  }

  /** What came before, for a person to read. */
  get text(): string {
    return this.#seen.toString('utf8').trim();
  }
}
