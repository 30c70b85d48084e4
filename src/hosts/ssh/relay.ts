import type { Channel } from './channel.js';

/** A folder of a host, as it is taken to another one. */
export interface Folder {
  readonly path: string;
  /** Names directly in it that stay behind. */
  readonly without?: readonly string[];
  /** sha256 of files, by path, that the other host has already. */
  readonly known?: Readonly<Record<string, string>>;
  /** Links to what is below this stay behind. */
  readonly foreign?: string;
}

/**
 * What is below a folder, as a compressed stream. The host sends no further ahead than a few megabytes: whatever is slow behind us, this
 * machine does not hold it all.
 * @throws Failure SSH_LOST, and what reading meets there
 */
export async function* pack(channel: Channel, folder: Folder, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const arrived = new Waiting<Buffer>();
  const taken = new Waiting<Buffer>();
  const left = new AbortController();
  const both = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const args = {
    op: 'pack',
    path: folder.path,
    without: folder.without ?? [],
    known: folder.known ?? {},
    foreign: folder.foreign ?? null,
  };
  const end = (error?: unknown) => {
    arrived.end(error);
    taken.end(error);
  };
  const sending = channel.call(args, {
    // An empty piece is the last.
    onOut: (bytes) => (bytes.length === 0 ? end() : arrived.add(bytes)),
    body: taken.items(),
    signal: both,
  });
  sending.catch(end);
  try {
    for await (const bytes of arrived.items()) {
      yield bytes;
      taken.add(ONE_TAKEN);
    }
    await sending;
  } finally {
    left.abort();
    taken.end();
  }
}

const ONE_TAKEN = Buffer.from('.');

/** Has what a stream of `pack` holds below a folder, as a user whose folder that is. @throws Failure SSH_LOST, and what writing meets there */
export async function unpack(
  channel: Channel,
  path: string,
  stream: AsyncIterable<Buffer>,
  { as, signal }: { readonly as?: string; readonly signal?: AbortSignal },
): Promise<void> {
  const args = { op: 'unpack', path, ...(as === undefined ? {} : { as }) };
  await channel.call(args, { body: stream, ...(signal === undefined ? {} : { signal }) });
}

/** Items that come one by one, and whoever waits for them. */
class Waiting<T> {
  readonly #held: T[] = [];
  #ended = false;
  #error: unknown;
  #wake: () => void = () => {};

  add(item: T): void {
    this.#held.push(item);
    this.#wake();
  }

  end(error?: unknown): void {
    this.#ended = true;
    this.#error ??= error;
    this.#wake();
  }

  async *items(): AsyncGenerator<T> {
    for (;;) {
      const item = this.#held.shift();
      if (item !== undefined) yield item;
      else if (this.#error !== undefined) throw this.#error;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
