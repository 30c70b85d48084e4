import { Failure } from '../../core/failure.js';
import type { Context } from '../context.js';
import type { LocalRelease } from '../release-record.js';
import type { DeployResult } from '../results.js';
import { chosen } from '../rollback.js';
import { resultOf } from './deploy.js';
import { rememberWritten } from './drift.js';
import { type Fleet, onFleet } from './fleet.js';
import { goLive } from './go-live.js';
import { journaled } from './journal.js';
import { type Lives, readLives } from './lives.js';
import { withFleetLock } from './lock.js';
import { type Part, partOf } from './part.js';

/**
 * Goes back to an older release, the one before by default: start, switch and verify of it, by the same code as a new one. Databases stay as they are.
 * @throws Failure NO_RELEASE (usage), and what `deploy` throws from its start on
 */
export const rollback = (context: Context, wanted?: string): Promise<DeployResult> =>
  onFleet(context, (fleet) =>
    withFleetLock(fleet, 'rollback', () =>
      journaled(fleet, context, 'rollback', async (told) => {
        const began = performance.now();
        const lives = await readLives(fleet);
        const { current, previous } = lives.get(fleet.first) ?? { previous: [] };
        const release = chosen(previous, current, wanted);
        const { warnings, switches } = await goLive({ context: told, parts: partsOf(fleet, lives, release) });
        await Promise.all(fleet.apps.map((each) => rememberWritten(each, release.version)));
        const seconds = Math.round(performance.now() - began) / 1000;
        return { ...resultOf(fleet, release, switches), changed: true, seconds, warnings };
      }),
    ),
  );

/** The release as each host has it. @throws Failure NO_RELEASE (usage) where one has it not */
function partsOf(fleet: Fleet, lives: Lives, { version }: LocalRelease): Part[] {
  return fleet.apps.map((app) => {
    const { current, previous } = lives.get(app) ?? { previous: [] };
    const own = [...(current === undefined ? [] : [current]), ...previous].find((one) => one.version === version);
    if (own !== undefined) return partOf(app, own, current);
    throw new Failure('NO_RELEASE', 'usage', `${app.place.name} does not have release ${version}`, {
      hint: `slipway releases -e ${app.environment}`,
    });
  });
}
