import { cleanLine } from '../../reporters/line-width.js';
import type { Paint } from '../../reporters/paint.js';
import { difference } from './difference.js';

/** What `init` wrote, as a comparison with what was there before. */
export function initLines(before: string, after: string, paint: Paint): string[] {
  return difference(before, after).map(({ sign, text }) => {
    const line = `  ${sign} ${cleanLine(text)}`.trimEnd();
    if (sign === '+') return paint.good(line);
    return sign === '-' ? paint.bad(line) : paint.faint(line);
  });
}
