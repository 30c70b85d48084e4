import type { Warning } from '../core/failure.js';
import { Failure } from '../core/failure.js';
import { apply } from '../engine/apply.js';
import { endProcessGroup } from '../hosts/strays.js';
import { rpc } from '../ops/supervisor.js';
import { describeProcesses } from '../targets/describe-processes.js';
import { type EdgeFacts, edgeSteps } from '../targets/local/edge.js';
import {
  drainSteps,
  endSteps,
  firstPageStep,
  startSteps,
  switchSteps,
  verifySteps,
  type WebLaunch,
} from '../targets/local/go-live.js';
import { groupOf, releaseFiles, sockets } from '../targets/local/layout.js';
import type { Installed } from '../targets/local/paths.js';
import { pageRequest } from '../targets/local/verify.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { processesOf } from './processes.js';
import type { LocalRelease } from './release-record.js';
import { soak } from './soak.js';
import { stage } from './stage.js';

export interface GoLive {
  readonly context: Context;
  readonly app: App;
  readonly release: LocalRelease;
  /** When the last of its files are there, where they are still made. */
  readonly whole?: Promise<void>;
  /** What is live now. */
  readonly current: LocalRelease | undefined;
  readonly installed: Installed;
  readonly web: WebLaunch;
  readonly edge: EdgeFacts;
  /** Lets go of the edge's ports, which were held for it; called when it is about to take them. */
  readonly freePorts?: () => Promise<void>;
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
  // A first page can fail for want of data, which comes by way of the live app. Only one that worked before must work now.
  const pageMayFail = current === undefined || again || isBroken(await askPage(app, current));
  try {
    await stage(context.report, 'start', async () => {
      await run([...edgeSteps(release, live.edge, installed), ...startSteps(release, installed, live.web)]);
      if (!pageMayFail) await run([firstPageStep(release)]);
      await soak(live);
      return { summary: describeProcesses(release), result: undefined };
    });
    await live.whole;
  } catch (error) {
    if (!again) await endQuietly(live, release);
    throw error;
  }
  try {
    await stage(context.report, 'switch', async () => {
      await live.freePorts?.();
      await run(switchSteps(release, installed, current));
      return { summary: '', result: undefined };
    });
    await stage(context.report, 'verify', async () => {
      const steps = verifySteps(release, pageMayFail);
      await run(steps);
      return { summary: `${steps.length} checks`, result: undefined };
    });
    await app.host.write(releaseFiles(app.at, release.version).verified, '');
  } catch (error) {
    if (!again) await goBack(live);
    throw error;
  }
  // Not to be interrupted: a release that nobody ends would run for ever.
  if (current !== undefined && !again) await apply(drainSteps(current, installed, DRAIN_SECONDS), () => app.host, context.report);
  return pageMayFail ? warnOfPage(release, await askPage(app, release)) : [];
}

/** What a visitor of the first page gets; undefined where nothing answers. */
async function askPage(app: App, release: LocalRelease): Promise<number | undefined> {
  const response = await app.host.request(pageRequest(release)).catch(() => undefined);
  return response?.status;
}

const isBroken = (status: number | undefined): boolean => status === undefined || status >= 500;

function warnOfPage(release: LocalRelease, status: number | undefined): Warning[] {
  if (!isBroken(status)) return [];
  const message = `The first page answers ${status ?? 'nothing'}, ${release.domains[0]} is up all the same: no release before it did better`;
  return [{ code: 'page-fails', message, hint: 'slipway logs web' }];
}

/** The release that was live takes over again; the other ends. Runs to its end even when the user has asked to stop. */
async function goBack(live: GoLive): Promise<void> {
  const { app, release, current, installed, context } = live;
  await app.host.remove(releaseFiles(app.at, release.version).ready);
  if (current !== undefined) {
    const steps = [...edgeSteps(current, live.edge, installed), ...switchSteps(current, installed, release)];
    await apply(steps, () => app.host, context.report);
    context.report({ type: 'note', message: `went back to release ${current.version}` });
  } else {
    await app.host.remove(`${app.at.state}/live`);
  }
  await endQuietly(live, release);
}

/** For a web process that was asked to end before it had any traffic, or that fails at it. */
const END_GRACE_MS = 3000;

/** Nobody waits for what a web process that hangs has to finish. */
async function endWeb(app: App, release: LocalRelease): Promise<void> {
  const group = groupOf(release.version);
  const web = (await processesOf(app)).find((process) => process.group === group && process.name === 'web');
  if (web === undefined || web.pid === null) return;
  await app.host.request(rpc.signalStop(sockets(app.at).supervisor, group));
  await endProcessGroup(web.pid, END_GRACE_MS);
}

async function endQuietly({ app, installed, context }: GoLive, release: LocalRelease): Promise<void> {
  try {
    await endWeb(app, release);
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
