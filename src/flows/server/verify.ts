import { verifySteps } from '../../targets/server/verify.js';
import type { Context } from '../context.js';
import type { VerifyResult } from '../results.js';
import { checked } from '../verify.js';
import { currentRelease } from './exec.js';
import { hostsOf, onFleet } from './fleet.js';
import { serverRelease } from './release.js';
import { verifyMore } from './verify-more.js';

/**
 * Looks at what is live on the server as a visitor, and as an attacker, would: the checks of a deployment, each by itself,
 * and what takes longer. Leaves nothing behind.
 * @throws Failure NOT_UP (project)
 */
export const verify = (context: Context): Promise<VerifyResult> =>
  onFleet(context, async (fleet) => {
    const { first } = fleet;
    const release = serverRelease(await currentRelease(first));
    const webs = hostsOf(fleet, 'web');
    const checks = await Promise.all(
      webs.map(async (app) => {
        const looks = verifySteps(release, app.place, false).map((step) => checked(app.system, context, step));
        const found = [...(await Promise.all(looks)), ...(await verifyMore(app, release))];
        return webs.length === 1 ? found : found.map((check) => ({ ...check, name: `${app.place.name}: ${check.name}` }));
      }),
    );
    return { app: release.app, environment: first.environment, release: release.version, checks: checks.flat() };
  });
