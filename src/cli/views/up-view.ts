import type { UpResult } from '../../flows/results.js';
import type { Session } from '../session.js';

/** The last lines of `up` and `rollback`: where it is, and what one does next. */
export function upLines(result: UpResult, { err, again }: Session): string[] {
  const { paint } = err;
  // Only an app on this machine has an authority of its own, and is taken down from here.
  const parts = [paint.strong(result.url), again('logs -f'), again(result.ca === null ? 'releases' : 'down')];
  const line = `  ${parts.join('   ·   ')}`;
  return result.changed ? [line] : [`  Nothing changed: release ${result.release} is live`, line];
}
