import type { DeployResult } from '../../flows/results.js';
import type { Session } from '../session.js';

/** The last lines of `deploy`: where it is, what the switch cost, and what one does next. */
export function deployLines(result: DeployResult, { err, again }: Session): string[] {
  const { paint } = err;
  const parts = [paint.strong(result.url), again('logs -f'), again('rollback')];
  const line = `  ${parts.join('   ·   ')}`;
  return result.changed ? [line] : [`  Nothing changed: release ${result.release} is live`, line];
}
