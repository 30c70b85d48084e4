import { Failure } from '../../src/core/failure.js';
import { random, randomText } from './random-text.js';

/** A program that reads what an escaper has written, and tells what it understood. */
export interface Reader {
  /** @param written of each text, in order; gives what was read of each. @param texts for a program that can only be asked whether it has them */
  read(written: readonly string[], texts: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** One escaper and the program it writes for. */
export interface Escaper {
  readonly name: string;
  /** How many texts the program takes at once. */
  readonly batch: number;
  /** Makes the texts, where of those from everywhere (`randomText`) hardly one would be taken. */
  text?(next: () => number): string;
  /** Throws a Failure for what the language cannot say. */
  write(text: string): string;
  /** What the language cannot say and the escaper is not asked to: a NUL in an argument. */
  readonly skip?: (text: string) => boolean;
  /** Why it cannot be tried here; false where it can. */
  missing(): string | false;
  open(): Promise<Reader>;
}

export interface Tried {
  readonly name: string;
  readonly read: number;
  /** Texts that the escaper refused, which is right where its language has no word for them. */
  readonly refused: number;
  readonly seconds: number;
}

/**
 * Writes so many random texts, has the real program read them, and compares.
 * @throws Error naming the first text that was read as another one, and the seed; the signal's reason
 */
export async function tryEscaper(escaper: Escaper, count: number, seed: number, signal?: AbortSignal): Promise<Tried> {
  const began = performance.now();
  const next = random(seed);
  const reader = await escaper.open();
  const tally = { read: 0, refused: 0 };
  try {
    while (tally.read < count) {
      signal?.throwIfAborted();
      const texts = accepted(escaper, next, Math.min(escaper.batch, count - tally.read), tally);
      const got = await reader.read(
        texts.map(({ written }) => written),
        texts.map(({ text }) => text),
      );
      texts.forEach(({ text, written }, index) => {
        if (got[index] === text) return;
        const [was, is] = [text, got[index]].map((value) => JSON.stringify(value));
        throw new Error(`${escaper.name}, seed ${seed}: ${was}, written as ${JSON.stringify(written)}, was read as ${is}`);
      });
      tally.read += texts.length;
    }
  } finally {
    await reader.close();
  }
  return { name: escaper.name, ...tally, seconds: (performance.now() - began) / 1000 };
}

function accepted(
  { write, skip, text: make = randomText }: Escaper,
  next: () => number,
  count: number,
  tally: { refused: number },
): { readonly text: string; readonly written: string }[] {
  const found: { text: string; written: string }[] = [];
  while (found.length < count) {
    const text = make(next);
    if (skip?.(text) === true) continue;
    try {
      found.push({ text, written: write(text) });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      tally.refused += 1;
    }
  }
  return found;
}

/** What cannot be an argument of a process, or is no text at all. */
export const isUnsayable = (text: string): boolean => text.includes('\0') || /\p{Surrogate}/u.test(text);
