import type { Context } from '../context.js';
import { readLive } from '../release-record.js';
import type { DeployResult } from '../results.js';
import { chosen } from '../rollback.js';
import { onServer, onSystem } from './app.js';
import { resultOf } from './deploy.js';
import { goLive } from './go-live.js';
import { withHostLock } from './lock.js';

/**
 * Goes back to an older release, the one before by default: start, switch and verify of it, by the same code as a new one. Databases stay as they are.
 * @throws Failure NO_RELEASE (usage), and what `deploy` throws from its start on
 */
export const rollback = (context: Context, wanted?: string): Promise<DeployResult> =>
  onServer(context, (app) =>
    withHostLock(app, 'rollback', async () => {
      const began = performance.now();
      const { current, previous } = await readLive(onSystem(app));
      const release = chosen(previous, current, wanted);
      const warnings = await goLive({ context, app, release, current });
      return { ...resultOf(app, release), changed: true, seconds: Math.round(performance.now() - began) / 1000, warnings };
    }),
  );
