import { verifySteps } from '../../targets/server/verify.js';
import type { Context } from '../context.js';
import type { VerifyResult } from '../results.js';
import { checked } from '../verify.js';
import { currentRelease } from './exec.js';
import { hostsOf, onFleet } from './fleet.js';
import { serverRelease } from './release.js';

/**
 * Looks at what is live on the server as a visitor, and as an attacker, would: the checks of a deployment, each by itself. Changes nothing.
 * @throws Failure NOT_UP (project)
 */
export const verify = (context: Context): Promise<VerifyResult> =>
  onFleet(context, async (fleet) => {
    const { first } = fleet;
    const release = serverRelease(await currentRelease(first));
    const webs = hostsOf(fleet, 'web');
    const checks = await Promise.all(
      webs.flatMap((app) =>
        verifySteps(release, app.place, false).map(async (step) => {
          const check = await checked(app.system, context, step);
          return webs.length === 1 ? check : { ...check, name: `${app.place.name}: ${check.name}` };
        }),
      ),
    );
    return { app: release.app, environment: first.environment, release: release.version, checks };
  });
