import { quote } from '../core/command.js';
import { Failure } from '../core/failure.js';

/** In the words of the kernel, of SQLite and of PostgreSQL. */
const FULL = /No space left on device|ENOSPC|database or disk is full|Disk quota exceeded/;

/** A failure of a program that had no space left, told as that: whatever it was doing, the disk is what has to be mended. */
export function asFullDisk(error: unknown, home: string): unknown {
  const failure = Failure.from(error);
  if (failure.code === 'DISK_FULL' || !FULL.test(`${failure.message}\n${failure.detail ?? ''}`)) return error;
  return new Failure('DISK_FULL', 'environment', `No space left, most likely below ${home}: ${failure.message}`, {
    hint: `df -h ${quote(home)}`,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
    cause: error,
  });
}
