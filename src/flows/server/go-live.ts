import type { Warning } from '../../core/failure.js';
import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { apply } from '../../engine/apply.js';
import { describeProcesses } from '../../targets/describe-processes.js';
import { packageStep } from '../../targets/server/base.js';
import { acmeSteps, certificateSteps } from '../../targets/server/certificate.js';
import { secretSteps } from '../../targets/server/credentials.js';
import { type EdgeFacts, edgePackages, edgeStart, edgeSteps } from '../../targets/server/edge.js';
import { drainSteps, endSteps, startSteps, switchSteps, undrainSteps } from '../../targets/server/go-live.js';
import { releaseFiles, stateFiles } from '../../targets/server/layout.js';
import type { ServerRelease } from '../../targets/server/options.js';
import { sealStep } from '../../targets/server/release-files.js';
import { verifySteps } from '../../targets/server/verify.js';
import type { Context } from '../context.js';
import type { LocalRelease } from '../release-record.js';
import { stage } from '../stage.js';
import { webLaunch } from '../web-launch.js';
import type { ServerApp } from './app.js';
import { edgeOf } from './facts.js';
import { serverRelease } from './release.js';
import { run } from './site.js';

export interface ServerGoLive {
  readonly context: Context;
  readonly app: ServerApp;
  readonly release: LocalRelease;
  /** What is live now. */
  readonly current: LocalRelease | undefined;
}

const DRAIN_SECONDS = 60;

/**
 * Start, switch, verify on a server: of a new release and of an older one alike. Before the switch nothing live is touched; when what was
 * switched to does not hold, the switch goes back.
 * @throws Failure RELEASE_NOT_READY, VERIFY_FAILED, CERTIFICATE_NOT_ISSUED
 */
export async function goLive(live: ServerGoLive): Promise<Warning[]> {
  const { context, app } = live;
  const doing = run(app, context);
  const release = serverRelease(live.release);
  const again = live.current?.version === release.version;
  const before = live.current === undefined || again ? undefined : serverRelease(live.current);
  let facts: EdgeFacts;
  try {
    facts = await stage(context.report, 'start', async () => {
      await doing([
        sealStep(release, app.place),
        ...undrainSteps(release.options, release.version, app.place),
        ...secretSteps(release, app.place),
        ...startSteps(release, app.place, await webLaunch(app.system, live.release)),
        packageStep(app.place, 'edge.packages', edgePackages(release)),
        ...certificateSteps(release, app.place),
      ]);
      const edge = await edgeOf(app.system, app.facts);
      await doing(edgeSteps(release, edge, app.place));
      return { summary: describeProcesses(release), result: edge };
    });
  } catch (error) {
    if (!again) await end(live, release);
    throw error;
  }
  try {
    await stage(context.report, 'switch', async () => {
      await doing([...switchSteps(release, app.place, before), ...edgeStart(release, facts, app.place)]);
      return { summary: '', result: undefined };
    });
    const warnings = await certify(live, release);
    await stage(context.report, 'verify', async () => {
      const looks = verifySteps(release, app.place, live.current === undefined);
      await doing(looks);
      return { summary: `${looks.length} checks`, result: undefined };
    });
    await app.system.write(releaseFiles(app.at, release.version).verified, '');
    // Not to be interrupted: a release that nobody ends would run for ever.
    if (before !== undefined) await quietly(app, drainSteps(before, app.place, DRAIN_SECONDS));
    return warnings;
  } catch (error) {
    if (!again) await goBack(live, release, before);
    throw error;
  }
}

/** The site answers with a temporary certificate where the authority gives none, and says so: a name may lead elsewhere still. */
async function certify({ app, context }: ServerGoLive, release: ServerRelease): Promise<Warning[]> {
  try {
    await run(app, context)(acmeSteps(release, app.place));
    return [];
  } catch (error) {
    const failure = Failure.from(error);
    if (failure.code !== 'CERTIFICATE_NOT_ISSUED' && failure.code !== 'RENEWAL_REFUSED') throw error;
    const said = failure.detail
      ?.trimEnd()
      .split('\n')
      .find((line) => /^\s*(Detail|An unexpected error|\S*Error)\b/.test(line));
    const why = said === undefined ? '' : ` (${said.trim()})`;
    return [{ code: 'certificate', message: `${failure.message}${why}`, hint: failure.hint ?? '' }];
  }
}

const quietly = (app: ServerApp, steps: readonly Step[]): Promise<void> =>
  apply(
    steps,
    () => app.system,
    () => {},
  );

/** Runs to its end even when the user has asked to stop. */
async function goBack(live: ServerGoLive, release: ServerRelease, before: ServerRelease | undefined): Promise<void> {
  const { app, context } = live;
  await app.system.remove(releaseFiles(app.at, release.version).ready);
  if (before === undefined) await app.system.remove(stateFiles(app.at).live);
  else {
    await quietly(app, switchSteps(before, app.place, release));
    context.report({ type: 'note', message: `went back to release ${before.version}` });
  }
  await end(live, release);
}

async function end({ app, context }: ServerGoLive, release: ServerRelease): Promise<void> {
  await quietly(app, endSteps(release.options, release.version, app.place)).catch((error: unknown) =>
    context.report({
      type: 'warning',
      warning: {
        code: 'release-left-behind',
        message: `Release ${release.version} could not be ended: ${Failure.from(error).message}`,
        hint: 'slipway deploy',
      },
    }),
  );
}
