import type { Reporter } from '../../core/event.js';
import type { Warning } from '../../core/failure.js';
import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { apply } from '../../engine/apply.js';
import { areStanding, reportStanding } from '../../engine/standing.js';
import { describeProcesses } from '../../targets/describe-processes.js';
import { packageStep } from '../../targets/server/base.js';
import { certificateSteps } from '../../targets/server/certificate.js';
import { secretSteps } from '../../targets/server/credentials.js';
import { type EdgeFacts, edgePackages, edgeStart, edgeSteps } from '../../targets/server/edge.js';
import type { Proof } from '../../targets/server/edge-tally.js';
import {
  bootSteps,
  drainSteps,
  endOnceSteps,
  endSteps,
  onceSteps,
  runsOnce,
  startSteps,
  switchSteps,
  undrainSteps,
  verifiedStep,
} from '../../targets/server/go-live.js';
import { releaseFiles, stateFiles } from '../../targets/server/layout.js';
import type { ServerHost } from '../../targets/server/options.js';
import { sealStep } from '../../targets/server/release-files.js';
import { verifySteps } from '../../targets/server/verify.js';
import type { Context } from '../context.js';
import { sideBySide } from '../side-by-side.js';
import { stage } from '../stage.js';
import { webLaunch } from '../web-launch.js';
import type { ServerApp } from './app.js';
import { certify } from './certify.js';
import { edgeOf } from './facts.js';
import { hasRole } from './fleet.js';
import { describeProofs, FleetWatch } from './fleet-watch.js';
import { inBatches } from './in-batches.js';
import { withLiveHosts } from './live-hosts.js';
import type { Meanwhile } from './meanwhile.js';
import { networkOf } from './network.js';
import type { Part } from './part.js';
import { run } from './site.js';
import { type SwitchRecord, writeSwitch } from './switch-record.js';

/** A release on all of its hosts, in the order in which they switch. */
export interface ServerGoLive {
  readonly context: Context;
  readonly parts: readonly Part[];
  /** What has begun while the release was made, and is to be done before the first switch. */
  readonly meanwhile?: Meanwhile;
  /** When the last of its files are there, where they are still made. */
  readonly whole?: Promise<void>;
  /** What is done once the release has held, while the old one begins to end. It failing does not bring the old one back. */
  readonly held?: () => Promise<unknown>;
}

/** What a release has cost that is live now. */
export interface WentLive {
  readonly warnings: readonly Warning[];
  /** Of each host whose traffic was moved. */
  readonly switches: ReadonlyMap<ServerApp, SwitchRecord>;
}

const DRAIN_SECONDS = 60;

/**
 * Start, switch, verify on every host: of a new release and of an older one alike. It starts everywhere before it is switched to anywhere;
 * then host after host switches and is verified. Before the first switch nothing live is touched; when what was switched to does not hold on
 * one host, or errors rise on one while they are watched, those that have switched go back.
 * @throws Failure RELEASE_NOT_READY, VERIFY_FAILED, ERRORS_ROSE
 */
export async function goLive(live: ServerGoLive): Promise<WentLive> {
  const { context, parts } = live;
  const watch = new FleetWatch(context, parts);
  let edges: ReadonlyMap<Part, ReadyEdge>;
  try {
    edges = await stage(context.report, 'start', async () => {
      const facts = await sideBySide(parts, async (part): Promise<[Part, ReadyEdge][]> => {
        const edge = await start(part, live);
        return edge === undefined ? [] : [[part, edge]];
      });
      await live.meanwhile?.done();
      return { summary: describeParts(parts), result: new Map(facts.flat()) };
    });
    await live.whole;
  } catch (error) {
    await watch.stop().catch(() => {});
    await endAll(live, parts);
    throw error;
  }
  const going: Going = { switched: [], moved: [], edges, watch, renames: new Map() };
  const begun = new Date();
  let held: Promise<unknown> | undefined;
  let went: WentLive;
  try {
    const { warnings, proofs } = await switchAll(live, going);
    const recorded = record(going, begun, proofs);
    held = live.held?.();
    held?.catch(() => {});
    // Not to be interrupted: a release that nobody ends would run for ever.
    const [switches] = await Promise.all([recorded, ...parts.map(endBefore)]);
    went = { warnings, switches };
  } catch (error) {
    await held?.catch(() => {});
    await goBack(live, going);
    const proofs = await watch.stop().catch(() => new Map());
    await record(going, begun, proofs, Failure.from(error).message).catch(() => {});
    throw await withLiveHosts(
      error,
      parts.map(({ app }) => app),
    );
  }
  await held;
  return went;
}

/** The release has held; what it replaces begins to end. */
const endBefore = ({ app, release, before }: Part): Promise<void> =>
  quietly(app, [
    verifiedStep(release, app.place),
    ...(before === undefined ? bootSteps(release, app.place) : drainSteps(before, app.place, DRAIN_SECONDS)),
  ]);

/** What has become of a switch until now. */
interface Going {
  /** Each host as soon as it is touched. */
  readonly switched: Part[];
  /** Those from which what runs once has moved to another host: there it has ended. */
  readonly moved: Part[];
  readonly edges: ReadonlyMap<Part, ReadyEdge>;
  readonly watch: FleetWatch;
  /** How long the rename took that moved the traffic, in ms. */
  readonly renames: Map<Part, number>;
}

/** Writes beside the release on each host what the switch has cost. */
async function record(
  { switched, renames }: Going,
  time: Date,
  proofs: ReadonlyMap<Part, Proof>,
  problem?: string,
): Promise<ReadonlyMap<ServerApp, SwitchRecord>> {
  const records = switched.map((part): [ServerApp, SwitchRecord] => [
    part.app,
    {
      time: time.toISOString(),
      from: part.before?.version ?? null,
      to: part.release.version,
      renameMs: renames.get(part) ?? null,
      probe: proofs.get(part) ?? null,
      ...(problem === undefined ? {} : { problem }),
    },
  ]);
  await Promise.all(records.map(([app, one]) => writeSwitch(app, one)));
  return new Map(records);
}

/** A front server that could take the release over now. */
interface ReadyEdge {
  readonly facts: EdgeFacts;
  /** It runs with the release's configuration already: the switch has nothing to do with it. */
  readonly standing: boolean;
}

/** Everything of a host's part that comes before the switch. @returns its edge, where it has one */
async function start(part: Part, { context, parts, meanwhile }: ServerGoLive): Promise<ReadyEdge | undefined> {
  const { app, release, record } = part;
  // A new process imports the project for a while; the edge needs nothing of it.
  const [, edge] = await sideBySide(
    [
      async () => {
        await run(
          app,
          context,
        )([
          sealStep(release, app.place),
          ...undrainSteps(release.options, release.version, app.place),
          ...secretSteps(release, app.place),
          ...startSteps(release, app.place, await webLaunch(app.system, record)),
        ]);
        return undefined;
      },
      async () => {
        if (hasRole(app, 'web')) await meanwhile?.has(app, edgePackages(release));
        return readyEdge(part, context, parts);
      },
    ],
    (work) => work(),
  );
  return edge;
}

/** Everything of the edge but the switch to it, where the host has one. */
async function readyEdge(
  { app, release, current }: Part,
  context: Context,
  parts: readonly Part[],
): Promise<ReadyEdge | undefined> {
  if (!hasRole(app, 'web')) return undefined;
  const doing = run(app, context);
  const first = [packageStep(app.place, 'edge.packages', edgePackages(release)), ...certificateSteps(release, app.place)];
  const withFacts = async (): Promise<EdgeFacts> => {
    const known = await edgeOf(app.system, release.options.edge, app.facts);
    const peers = release.options.tls.kind === 'acme' ? await challengePeers(app, parts) : [];
    return peers.length === 0 ? known : { ...known, peers };
  };
  // A host that gets its first edge has none to ask.
  const known = current === undefined ? undefined : await withFacts().catch(() => undefined);
  if (known !== undefined) {
    const steps = [...first, ...edgeSteps(release, known, app.place)];
    // What runs has been tested.
    const asked = [...steps.filter(({ id }) => id !== 'edge.test'), ...edgeStart(release, known, app.place).slice(0, 1)];
    if (await areStanding(asked, app.system, context.signal)) {
      reportStanding(steps, context.report);
      return { facts: known, standing: true };
    }
  }
  await doing(first);
  const facts = await withFacts();
  await doing(edgeSteps(release, facts, app.place));
  return { facts, standing: false };
}

/** Each host gets a certificate of its own; the authority's question comes to whichever the name leads it to. */
const challengePeers = (app: ServerApp, parts: readonly Part[]): Promise<string[]> =>
  Promise.all(
    parts
      .filter((part) => part.app !== app && hasRole(part.app, 'web'))
      .map(async (part) => (await networkOf(part.app, [app])).address),
  );

/** Host after host, or as many at a time as slipway.yml says: one that fails keeps those after it from being touched. */
async function switchAll(
  live: ServerGoLive,
  going: Going,
): Promise<{ readonly warnings: Warning[]; readonly proofs: ReadonlyMap<Part, Proof> }> {
  const { context, parts } = live;
  const { watch } = going;
  const pageMayFail = parts.every(({ current }) => current === undefined);
  await stage(context.report, 'switch', async () => {
    await endMovedOnce(parts, going);
    const batches = inBatches(parts, parts[0]?.app.config.rollout?.batch ?? 1);
    for (const batch of batches)
      await sideBySide(batch, async (part) => {
        await switchOne(part, live, going);
        // The last ones are looked at with their certificates, below.
        if (batch !== batches.at(-1)) await run(part.app, context)(verifySteps(part.release, part.app.place, pageMayFail));
      });
    return { summary: parts.length === 1 ? '' : `${parts.length} hosts`, result: undefined };
  });
  const warnings: Warning[] = [];
  for (const part of parts) if (hasRole(part.app, 'web')) warnings.push(...(await certify(part, context)).warnings);
  const proofs = await stage(context.report, 'verify', async () => {
    const looks = parts.map(({ app, release }) => ({ app, steps: verifySteps(release, app.place, pageMayFail) }));
    await sideBySide(looks, ({ app, steps }) => run(app, context)(steps));
    await watch.hold();
    const proofs = await watch.stop();
    const checks = `${looks.reduce((sum, { steps }) => sum + steps.length, 0)} checks`;
    return { summary: proofs.size === 0 ? checks : `${checks} · ${describeProofs(proofs.values())}`, result: proofs };
  });
  return { warnings, proofs };
}

async function switchOne(part: Part, { context }: ServerGoLive, { switched, edges, watch, renames }: Going): Promise<void> {
  switched.push(part);
  const { app, release, before } = part;
  const edge = edges.get(part);
  const noting: Reporter = (event) => {
    if (event.type === 'done' && event.hostMs !== undefined && event.step === 'switch.live') renames.set(part, event.hostMs);
    context.report(event);
  };
  await run(app, { ...context, report: noting })(switchSteps(release, app.place, before));
  await watch.switched(part);
  if (edge?.standing === false) await run(app, context)(edgeStart(release, edge.facts, app.place));
  await watch.answers(part);
}

/** Where what runs once has moved to another host, it ends on its old one before it starts on the new. */
async function endMovedOnce(parts: readonly Part[], { moved }: Going): Promise<void> {
  const left = parts.filter(({ app }) => !hasRole(app, 'beat'));
  await Promise.all(
    left.map(async (part) => {
      const { app, before } = part;
      if (before === undefined) return;
      if ((await app.system.exec(runsOnce(before))).code === 0) moved.push(part);
      await quietly(app, endOnceSteps(before, app.place));
    }),
  );
}

/** A host with the roles by which the release before ran there: what runs once is where it was. */
const placeBefore = ({ app: { place } }: Part, isMoved: boolean): ServerHost => ({
  ...place,
  roles: [...place.roles.filter((role) => role !== 'beat'), ...(isMoved ? (['beat'] as const) : [])],
});

const describeParts = (parts: readonly Part[]): string => {
  const [one] = parts;
  if (one === undefined) return '';
  const text = describeProcesses(one.release);
  return parts.length === 1 ? text : `${text} · ${parts.length} hosts`;
};

const quietly = (app: ServerApp, steps: readonly Step[]): Promise<void> =>
  apply(
    steps,
    () => app.system,
    () => {},
  );

/**
 * Those that have switched go back, the last one first; then the release ends on every host. Runs to its end even when the user has asked to
 * stop, and on the other hosts where one does not answer any more.
 */
async function goBack(live: ServerGoLive, { switched, moved, edges }: Going): Promise<void> {
  const { context, parts } = live;
  const back = switched.filter(({ again }) => !again);
  // No scheduler of the old release starts anywhere before the new one's has ended.
  await Promise.allSettled(back.map(({ app, release }) => quietly(app, endOnceSteps(release, app.place))));
  // What ran once on a host that was not touched yet starts there again.
  await Promise.allSettled(
    moved
      .filter((part) => !back.includes(part))
      .map((part) => part.before && quietly(part.app, onceSteps(part.before, placeBefore(part, true)))),
  );
  for (const part of back.toReversed()) {
    const { app, before } = part;
    const at = moved.length === 0 ? app.place : placeBefore(part, moved.includes(part));
    const where = parts.length === 1 ? '' : ` on ${app.place.name}`;
    try {
      await takeBack(part, at, edges.get(part));
      if (before !== undefined) context.report({ type: 'note', message: `went back to release ${before.version}${where}` });
    } catch (error) {
      context.report({
        type: 'warning',
        warning: {
          code: 'release-left-behind',
          message: `${app.place.name} could not go back from release ${part.release.version}: ${Failure.from(error).message}`,
          hint: `slipway status -e ${app.environment}`,
        },
      });
    }
  }
  // What visitors have begun with it ends there.
  const drained = back.filter(({ before }) => before !== undefined);
  await Promise.allSettled(drained.map(({ app, release }) => quietly(app, drainSteps(release, app.place, DRAIN_SECONDS))));
  await endAll(
    live,
    parts.filter((part) => !drained.includes(part)),
  );
}

/** @param at the host, with the roles that it had */
async function takeBack({ app, release, before }: Part, at: ServerHost, edge: ReadyEdge | undefined): Promise<void> {
  const { ready, verified } = releaseFiles(app.at, release.version);
  if (before !== undefined) {
    await quietly(app, switchSteps(before, at, release));
    if (edge !== undefined)
      await quietly(app, [...edgeSteps(before, edge.facts, app.place), ...edgeStart(before, edge.facts, app.place)]);
  } else await app.system.remove(stateFiles(app.at).live);
  for (const mark of [ready, verified]) await app.system.remove(mark);
}

const endAll = async ({ context }: ServerGoLive, parts: readonly Part[]): Promise<void> => {
  await Promise.all(parts.map((part) => (part.again ? undefined : end(part, context))));
};

async function end({ app, release }: Part, context: Context): Promise<void> {
  await quietly(app, endSteps(release.options, release.version, app.place)).catch((error: unknown) =>
    context.report({
      type: 'warning',
      warning: {
        code: 'release-left-behind',
        message: `Release ${release.version} could not be ended on ${app.place.name}: ${Failure.from(error).message}`,
        hint: 'slipway deploy',
      },
    }),
  );
}
