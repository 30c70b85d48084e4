import type { ReleaseEntry } from '../../flows/results.js';
import type { Paint } from '../../reporters/paint.js';
import { describeProof } from '../../targets/server/edge-tally.js';
import { ago } from './ago.js';
import { table } from './table.js';

const SHORT_COMMIT = 10;

/** The kept releases, newest first; the live one is marked. */
export function releaseLines(releases: readonly ReleaseEntry[], paint: Paint, now: Date): string[] {
  if (releases.length === 0) return [`  ${paint.faint('no release yet')}`];
  return table(
    releases.map((entry) => [
      entry.current ? paint.good('●') : paint.faint('○'),
      entry.current ? paint.strong(entry.release) : entry.release,
      `${ago(entry.created, now)} ago`,
      `${entry.commit?.slice(0, SHORT_COMMIT) ?? ''}${entry.dirty ? ' with changes' : ''}`,
      entry.current ? 'live' : '',
      entry.probe ? paint.faint(describeProof(entry.probe)) : '',
    ]),
  );
}
