import type { Event } from '../core/event.js';
import type { Display, DisplayOptions } from './display.js';
import { duration } from './duration.js';
import { cleanLine } from './line-width.js';
import { advance, NOTHING_YET, type Progress } from './progress.js';

/** Lines for a log that nobody watches: nothing redrawn, no escape codes, the stage in front of each. */
export function plainDisplay({ write, verbose, now }: DisplayOptions): Display {
  let progress: Progress = NOTHING_YET;
  let told = false;
  const failed = (how: string) => {
    const stage = progress.stage?.name;
    if (stage === undefined || told) return;
    told = true;
    const title = progress.failed?.title ?? progress.running.at(-1)?.title;
    write(`${stage}: ${how}${title === undefined ? '' : `: ${title}`}\n`);
    if (progress.failed === undefined || progress.failed.failure.detail !== undefined) return;
    for (const line of progress.failed.lines) write(`${stage}: | ${cleanLine(line)}\n`);
  };
  return {
    report: (event) => {
      if (event.type === 'stage') told = false;
      for (const line of linesOf(event, progress.stage?.name ?? '', verbose)) write(line + '\n');
      progress = advance(progress, event, now());
    },
    suspend: () => {},
    end: (how) => {
      if (how !== 'ok') failed(progress.failed?.failure.kind === 'cancelled' ? 'stopped' : how);
      progress = NOTHING_YET;
    },
  };
}

function linesOf(event: Event, stage: string, verbose: boolean): string[] {
  switch (event.type) {
    case 'app':
      return [`${cleanLine(event.name)}: ${event.summary.join(' · ')}`];
    case 'stage':
      return [`${event.stage}: …`];
    case 'stage-done':
      return [`${event.stage}: done${event.summary === '' ? '' : `: ${event.summary}`} (${duration(event.seconds)})`];
    case 'started':
      return verbose ? [`${stage}: ${event.title}`] : [];
    case 'output':
      return verbose ? [`${stage}: | ${cleanLine(event.line)}`] : [];
    case 'note':
      return [cleanLine(event.message)];
    default:
      return [];
  }
}
