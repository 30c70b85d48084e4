import { Failure } from '../core/failure.js';
import { apply } from '../engine/apply.js';
import { undrainSteps } from '../targets/local/go-live.js';
import { openApp } from './app.js';
import { withAppLock } from './app-lock.js';
import type { Context } from './context.js';
import { goLive } from './go-live.js';
import { liveResult } from './live-result.js';
import { type LocalRelease, readLive } from './release-record.js';
import type { UpResult } from './results.js';
import { ensureSupervisor } from './supervision.js';
import { openTooling } from './tooling.js';
import { webLaunch } from './web-launch.js';

/**
 * Goes back to an older release, the one before by default: start, switch and verify of it, by the same code as a new one. Databases stay as they are.
 * @throws Failure NO_RELEASE (usage), and what `up` throws from its start on
 */
export async function rollback(context: Context, wanted?: string): Promise<UpResult> {
  const began = performance.now();
  const app = await openApp(context);
  return withAppLock(app, context, 'rollback', async () => {
    const { current, previous } = await readLive(app);
    const release = chosen(previous, current, wanted);
    const tooling = openTooling(app, context);
    const installed = await tooling.installed();
    await ensureSupervisor(app, context, installed);
    await apply(
      undrainSteps(app.at, release.version, installed),
      () => app.host,
      () => {},
      context.signal,
    );
    const web = await webLaunch(app.host, release);
    const warnings = await goLive({ context, app, release, current, installed, edge: tooling.edge, web });
    return { ...liveResult(app, release), changed: true, seconds: Math.round(performance.now() - began) / 1000, warnings };
  });
}

/** The release to go back to. @throws Failure NO_RELEASE (usage) */
export function chosen(
  previous: readonly LocalRelease[],
  current: LocalRelease | undefined,
  wanted: string | undefined,
): LocalRelease {
  // The one before the current one, not the newest of the others: after a rollback the newest is the one that was left.
  const before = previous.filter(({ version }) => current === undefined || version < current.version);
  const release =
    wanted === undefined ? before[0] : previous.find(({ version }) => version === wanted || version.endsWith(`-${wanted}`));
  if (release !== undefined) return release;
  if (wanted !== undefined && wanted === current?.version)
    throw new Failure('NO_RELEASE', 'usage', `Release ${wanted} is the live one already`, { hint: 'slipway releases' });
  throw new Failure(
    'NO_RELEASE',
    'usage',
    wanted === undefined ? 'There is no earlier release to go back to' : `There is no release ${wanted}`,
    { hint: 'slipway releases' },
  );
}
