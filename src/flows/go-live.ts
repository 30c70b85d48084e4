import type { Warning } from '../core/failure.js';
import { Failure } from '../core/failure.js';
import { apply } from '../engine/apply.js';
import { isReleaseReady } from '../ops/readiness.js';
import { type EdgeFacts, edgeSteps } from '../targets/local/edge.js';
import {
  drainSteps,
  endSteps,
  readyRequest,
  SOAK_SECONDS,
  startSteps,
  switchSteps,
  verifySteps,
  type WebLaunch,
} from '../targets/local/go-live.js';
import type { Installed } from '../targets/local/paths.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import type { LocalRelease } from './release-record.js';
import { stage } from './stage.js';

export interface GoLive {
  readonly context: Context;
  readonly app: App;
  readonly release: LocalRelease;
  /** What is live now. */
  readonly current: LocalRelease | undefined;
  readonly installed: Installed;
  readonly web: WebLaunch;
  readonly edge: EdgeFacts;
}

const DRAIN_SECONDS = 60;

/**
 * Start, switch, verify: of a new release and of an older one alike. Before the switch nothing live is touched; when what was switched to
 * does not hold, the switch goes back.
 * @throws Failure RELEASE_NOT_READY, RELEASE_DIED, VERIFY_FAILED
 */
export async function goLive(live: GoLive): Promise<Warning[]> {
  const { context, app, release, current, installed } = live;
  const again = current?.version === release.version;
  const run = (steps: Parameters<typeof apply>[0]) => apply(steps, () => app.host, context.report, context.signal);
  try {
    await stage(context.report, 'start', async () => {
      await run([...edgeSteps(release, live.edge, installed), ...startSteps(release, installed, live.web)]);
      await soak(live);
      return { summary: startSummary(release), result: undefined };
    });
  } catch (error) {
    if (!again) await endQuietly(live, release);
    throw error;
  }
  try {
    await stage(context.report, 'switch', async () => {
      await run(switchSteps(release, installed, current));
      return { summary: '', result: undefined };
    });
    await stage(context.report, 'verify', async () => {
      const steps = verifySteps(release);
      await run(steps);
      return { summary: `${steps.length} checks`, result: undefined };
    });
  } catch (error) {
    if (!again) await goBack(live);
    throw error;
  }
  if (current !== undefined && !again) await run(drainSteps(current, installed, DRAIN_SECONDS));
  return [];
}

const startSummary = ({ web, processes }: LocalRelease): string =>
  [`web ×${web.workers} (${web.server})`, ...processes.map(({ name, scale }) => (scale > 1 ? `${name} ×${scale}` : name))].join(
    ' · ',
  );

/**
 * A release that only answers requests cannot die by itself. One that does something in the background (threads, timers of its own) can: it
 * is watched for a while before it gets traffic.
 */
async function soak({ context, app, release }: GoLive): Promise<void> {
  const first = await app.host.request(readyRequest(release), context.signal);
  const { background } = isReleaseReady(first);
  if (background.length === 0) return;
  context.report({ type: 'note', message: `watching the new release for ${SOAK_SECONDS} s: it runs ${background.join(', ')}` });
  const until = Date.now() + SOAK_SECONDS * 1000;
  while (Date.now() < until) {
    await new Promise((wake) => setTimeout(wake, 200));
    context.signal.throwIfAborted();
    const { ready } = isReleaseReady(await app.host.request(readyRequest(release), context.signal).catch(() => undefined));
    if (!ready)
      throw new Failure(
        'RELEASE_DIED',
        'project',
        `Release ${release.version} became ready and died soon after; what was live before is still live`,
        { hint: 'slipway logs web' },
      );
  }
}

/** The release that was live takes over again; the other ends. Runs to its end even when the user has asked to stop. */
async function goBack(live: GoLive): Promise<void> {
  const { app, release, current, installed, context } = live;
  if (current !== undefined) {
    await apply(switchSteps(current, installed, release), () => app.host, context.report);
    context.report({ type: 'note', message: `went back to release ${current.version}` });
  } else {
    await app.host.remove(`${app.at.state}/live`);
  }
  await endQuietly(live, release);
}

async function endQuietly({ app, installed, context }: GoLive, release: LocalRelease): Promise<void> {
  try {
    await apply(
      endSteps(app.at, release.version, installed),
      () => app.host,
      () => {},
    );
  } catch (error) {
    context.report({
      type: 'warning',
      warning: {
        code: 'release-left-behind',
        message: `Release ${release.version} could not be ended: ${Failure.from(error).message}`,
        hint: 'slipway up',
      },
    });
  }
}
