import { mismatch } from '../core/expectation.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Step } from '../core/plan.js';
import { verifySteps } from '../targets/local/verify.js';
import { openApp } from './app.js';
import type { Context } from './context.js';
import { currentRelease } from './exec.js';
import type { VerifyCheck, VerifyResult } from './results.js';

/**
 * Looks at what is live as a visitor, and as an attacker, would: the checks of a deployment, each by itself. Changes nothing.
 * @throws Failure NOT_UP (project)
 */
export async function verify(context: Context): Promise<VerifyResult> {
  const app = await openApp(context);
  const release = await currentRelease(app);
  const checks = await Promise.all(verifySteps(release, false).map((step) => checked(app.host, context, step)));
  return { app: release.app, environment: app.environment, release: release.version, checks };
}

/** One check, by itself. @param host where it is made */
export async function checked(host: Host, context: Context, { title, action }: Step): Promise<VerifyCheck> {
  if (action.kind !== 'expect') throw new Failure('BUG', 'bug', `${title} is no check`);
  try {
    const response = await host.request(action.request, context.signal);
    const problem = mismatch(response, action.expectation);
    return problem === undefined
      ? { name: title, ok: true }
      : { name: title, ok: false, problem: `${action.request.path} ${problem}` };
  } catch (error) {
    context.signal.throwIfAborted();
    return { name: title, ok: false, problem: Failure.from(error).message };
  }
}
