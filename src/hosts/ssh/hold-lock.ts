import { type Json, member, textOf } from './answer.js';
import type { Channel } from './channel.js';
import type { Survey } from './survey.js';

export interface LockWish {
  /** On the host. */
  readonly file: string;
  /** What is told of the holder to whoever comes while it is held. */
  readonly holder: string;
  /** Files that nobody else changes while it is held, with `*` for a part of a path: asked for once, when it is. */
  readonly survey: readonly string[];
}

/** A lock of the host's, taken: it ends with the connection at the latest. */
export interface HeldLock {
  /** Rejects when it ends otherwise than by `signal`. */
  readonly ended: Promise<never>;
}

/** What the holder of a lock says of itself. */
export interface TakenLock {
  readonly holder: string;
}

/**
 * Takes a lock on the host at once, or not at all.
 * @param signal ends it
 * @param survey is filled when it is held
 * @throws Failure SSH_LOST, or what the host refuses with
 */
export async function holdLock(
  channel: Channel,
  survey: Survey,
  wish: LockWish,
  signal: AbortSignal,
): Promise<HeldLock | TakenLock> {
  let held: () => void = () => {};
  const isHeld = new Promise<undefined>((resolve) => {
    held = () => resolve(undefined);
  });
  const parts: Buffer[] = [];
  const answered = channel.call(
    { op: 'lock', ...wish },
    {
      signal,
      onOut: (bytes) => {
        parts.push(bytes);
        if (bytes.at(-1) !== NEWLINE) return;
        const seen: Json = JSON.parse(Buffer.concat(parts).toString('utf8'));
        survey.fill(seen);
        held();
      },
    },
  );
  answered.catch(() => {});
  const refused = await Promise.race([isHeld, answered]);
  if (refused !== undefined) return { holder: textOf(member(refused, 'taken')) ?? '' };
  const ended = answered.then((): never => {
    throw new Error(`the lock ${wish.file} was let go`);
  });
  ended.catch(() => {});
  return { ended };
}

const NEWLINE = 10;
