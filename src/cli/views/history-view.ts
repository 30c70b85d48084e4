import type { JournalEntry } from '../../flows/results.js';
import type { Paint } from '../../reporters/paint.js';
import { ago } from './ago.js';
import { table } from './table.js';

const SHORT_COMMIT = 10;

/** What was done to an app on its servers, newest first. */
export function historyLines(entries: readonly JournalEntry[], paint: Paint, now: Date): string[] {
  if (entries.length === 0) return [`  ${paint.faint('nothing was done yet')}`];
  return table(
    entries.map((entry) => [
      entry.ok ? paint.good('✔') : paint.bad('✖'),
      `${ago(entry.time, now)} ago`,
      entry.command,
      entry.who,
      entry.release ?? '',
      `${entry.commit?.slice(0, SHORT_COMMIT) ?? ''}${entry.dirty === true ? ' with changes' : ''}`,
      `${entry.seconds} s`,
      entry.changes === 1 ? '1 change' : `${entry.changes} changes`,
      entry.error ?? entry.figures['verify'] ?? '',
    ]),
  );
}
