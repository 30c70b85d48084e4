import { verifySteps } from '../../targets/server/verify.js';
import type { Context } from '../context.js';
import type { VerifyResult } from '../results.js';
import { checked } from '../verify.js';
import { onServer } from './app.js';
import { currentRelease } from './exec.js';
import { serverRelease } from './release.js';

/**
 * Looks at what is live on the server as a visitor, and as an attacker, would: the checks of a deployment, each by itself. Changes nothing.
 * @throws Failure NOT_UP (project)
 */
export const verify = (context: Context): Promise<VerifyResult> =>
  onServer(context, async (app) => {
    const release = serverRelease(await currentRelease(app));
    const checks = await Promise.all(verifySteps(release, app.place, false).map((step) => checked(app.system, context, step)));
    return { app: release.app, environment: app.environment, release: release.version, checks };
  });
