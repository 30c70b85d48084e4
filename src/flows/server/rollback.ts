import type { Context } from '../context.js';
import type { DeployResult } from '../results.js';
import { chosen } from '../rollback.js';
import { resultOf } from './deploy.js';
import { rememberAllWritten } from './drift.js';
import { onFleet } from './fleet.js';
import { goLive } from './go-live.js';
import { journaled } from './journal.js';
import { readLives } from './lives.js';
import { withFleetLock } from './lock.js';
import { partsOf } from './stored-release.js';

/**
 * Goes back to an older release, the one before by default: start, switch and verify of it, by the same code as a new one. Databases stay as they are.
 * @throws Failure NO_RELEASE (usage), and what `deploy` throws from its start on
 */
export const rollback = (context: Context, wanted?: string): Promise<DeployResult> =>
  onFleet(context, (fleet) =>
    withFleetLock(fleet, 'rollback', () =>
      journaled(fleet, context, 'rollback', async (told, from) => {
        const began = performance.now();
        const lives = await readLives(fleet);
        const { current, previous } = lives.get(fleet.first) ?? { previous: [] };
        const release = chosen(previous, current, wanted);
        from(release);
        const { warnings, switches } = await goLive({
          context: told,
          parts: await partsOf(fleet, told, lives, release),
          held: () => rememberAllWritten(fleet, release.version),
        });
        const seconds = Math.round(performance.now() - began) / 1000;
        return { ...resultOf(fleet, release, switches), changed: true, seconds, warnings };
      }),
    ),
  );
