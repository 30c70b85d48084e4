import type { DeployResult } from '../../flows/results.js';
import type { Session } from '../session.js';

/** The last lines of `deploy`: where it is, what the switch cost, and what one does next. */
export function deployLines(result: DeployResult, { err, again }: Session): string[] {
  const { paint } = err;
  const parts = [paint.strong(result.url), again('logs -f'), again('rollback')];
  const line = `  ${parts.join('   ·   ')}`;
  const each = result.hosts.length < 2 ? [] : result.hosts.map(({ host, release }) => `  ${host}   release ${release}`);
  return result.changed ? [...each, line] : [`  Nothing changed: release ${result.release} is live`, ...each, line];
}
