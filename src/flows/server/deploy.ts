import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.js';
import type { Project } from '../../core/project.js';
import { workingDirectory } from '../../targets/release-files.js';
import { pruneSteps } from '../../targets/server/prune.js';
import type { Context } from '../context.js';
import { type Decided, decideFor } from '../decide.js';
import { describeProject } from '../describe-project.js';
import { releaseEnvironment } from '../exec.js';
import { runHook } from '../hooks.js';
import { type Inputs, readInputs } from '../inputs.js';
import type { Making } from '../making.js';
import { type LocalRelease, releaseNames } from '../release-record.js';
import type { DeployResult } from '../results.js';
import { sideBySide } from '../side-by-side.js';
import { releaseVersion, timeOfNext } from '../source.js';
import { onSystem, type ServerApp } from './app.js';
import { type Certified, certify } from './certify.js';
import { driftWarning, keepDrifts, rememberAllWritten } from './drift.js';
import { askEarly, type Early } from './early.js';
import { type Fleet, hostsOf, onFleet } from './fleet.js';
import { goLive } from './go-live.js';
import { hostsLeft, rememberedHosts, rememberHosts } from './hosts-left.js';
import { journaled } from './journal.js';
import { endLeft } from './left.js';
import { type Lives, liveOf, readLives } from './lives.js';
import { withFleetLock } from './lock.js';
import { makeOnFleet } from './make-on-fleet.js';
import { Meanwhile } from './meanwhile.js';
import { asWarning } from './obstacles.js';
import { certificateTrouble } from './own-certificate.js';
import { type Part, partOf } from './part.js';
import { placeInputs } from './place-inputs.js';
import { preflight } from './preflight.js';
import { withPromoted } from './promote.js';
import type { Reaching } from './reach.js';
import { serverRelease } from './release.js';
import { run, serverSite } from './site.js';
import { isCalled, partsOf } from './stored-release.js';
import type { SwitchRecord } from './switch-record.js';
import { serverTooling } from './tooling.js';

export interface DeployOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  /** A release that is there already, here or in another environment, in place of a new one from the source tree. */
  readonly release?: string;
}

const PORTS = { https: 443, http: 80, redis: 0 } as const;

/**
 * The whole way to the servers of an environment, from the source tree to HTTPS; they may be empty. Again: a new release beside the old one,
 * or a word that nothing changed. A release that is named is taken as it is; one of another environment gets the settings of this one.
 * @param reaching `reachToDeploy`, where it has begun already
 * @throws Failure; what was live before stays live
 */
export const deploy = (context: Context, options: DeployOptions, reaching?: Reaching): Promise<DeployResult> =>
  onFleet(
    context,
    (fleet) =>
      withFleetLock(fleet, 'deploy', () =>
        journaled(fleet, context, 'deploy', async (told, from) => {
          const began = performance.now();
          wakeWorkers(fleet);
          const lives = await readLives(fleet);
          const early = askEarly(fleet, lives, context.signal);
          await fleet.alignSecrets();
          const decided = await decideFor(fleet.first, fleet.first.config, options);
          const going: Going = { fleet, context: told, from, began, decided, lives, early };
          return options.release === undefined ? deployTree(going) : deployNamed(going, options.release);
        }),
      ),
    { mayMakeAccount: true },
    reaching,
  );

/** A host's first work as another user waits for a process of that user: it starts while others are at work. At first there is no such user. */
function wakeWorkers({ apps }: Fleet): void {
  for (const { host, runner } of apps) for (const one of [host, runner]) one.exists('/').catch(() => {});
}

/** One deployment. */
interface Going {
  readonly fleet: Fleet;
  readonly context: Context;
  /** Tells which release it is about. */
  readonly from: (release: LocalRelease) => void;
  /** By `performance`. */
  readonly began: number;
  readonly decided: Decided;
  readonly lives: Lives;
  readonly early: Early;
}

/** What a release is made of. */
interface Matter {
  readonly project: Project;
  readonly inputs: Inputs;
  readonly version: string;
  readonly making?: (to: ServerApp) => Partial<Making>;
}

function done(
  { fleet, began, from }: Going,
  release: LocalRelease,
  more: Pick<DeployResult, 'changed' | 'warnings'>,
  switches?: ReadonlyMap<ServerApp, SwitchRecord>,
): DeployResult {
  from(release);
  return {
    ...resultOf(fleet, release, switches),
    seconds: Math.round(performance.now() - began) / 1000,
    ...more,
  };
}

async function deployTree(going: Going): Promise<DeployResult> {
  const { fleet, decided, lives } = going;
  const { first } = fleet;
  const inputs = await readInputs(first, decided, await placeInputs(first));
  const isSame = lives.get(first)?.current?.options.inputs === inputs.key;
  const live = isSame ? await liveOf(lives) : undefined;
  if (live !== undefined) return done(going, live, await sameRelease(going, live));
  const version = releaseVersion(timeOfNext(new Date(), await versionsOn(fleet)), inputs.tree.fingerprint, inputs.key);
  return makeLive(going, { project: first.project, inputs, version });
}

/** What there is to do and to say where the release is live already: a certificate that was not given then may be now. */
async function sameRelease(
  { fleet, context, early }: Going,
  live: LocalRelease,
): Promise<Pick<DeployResult, 'changed' | 'warnings'>> {
  const release = serverRelease(live);
  const all: Certified[] = [];
  for (const app of hostsOf(fleet, 'web')) all.push(await certify({ app, release }, context));
  const { obstacles, warnings } = await certificateTrouble(fleet.first);
  return {
    changed: all.some(({ changed }) => changed),
    warnings: [
      ...obstacles.map(asWarning),
      ...warnings,
      ...all.flatMap((one) => one.warnings),
      ...(await early.drift).map((one) => driftWarning(one)),
    ],
  };
}

/** A release of this environment goes live again; one of another is made one of this. */
async function deployNamed(going: Going, wanted: string): Promise<DeployResult> {
  const { fleet, context, lives, decided } = going;
  const { current, previous } = lives.get(fleet.first) ?? { previous: [] };
  const known = [...(current === undefined ? [] : [current]), ...previous].find((release) => isCalled(release, wanted));
  if (known !== undefined) {
    if ((await liveOf(lives))?.version === known.version) return done(going, known, { changed: false, warnings: [] });
    const { warnings, switches } = await goLive({
      context,
      parts: await partsOf(fleet, context, lives, known),
      held: () => rememberAllWritten(fleet, known.version),
    });
    return done(going, known, { changed: true, warnings }, switches);
  }
  return withPromoted(fleet, context, wanted, ({ release, project, tree, making }) => {
    const key = createHash('sha256')
      .update(JSON.stringify([release.version, release.options.inputs, decided, fleet.first.config]))
      .digest('hex');
    const inputs: Inputs = { tree, key };
    return makeLive(going, { project, inputs, version: release.version, making: (to) => making(to, context) });
  });
}

/** Makes a release on every host and takes it live. */
async function makeLive(going: Going, { project, inputs, version, making }: Matter): Promise<DeployResult> {
  const { fleet, context, decided, lives, early } = going;
  const { first } = fleet;
  const [foreseen, remembered] = await Promise.all([
    preflight(fleet, context, inputs.tree, early.foresight),
    rememberedHosts(fleet),
  ]);
  const left = await hostsLeft(fleet, remembered, context);
  const [drift] = await Promise.all([
    keepDrifts(fleet, context, lives, await early.drift),
    sideBySide(fleet.apps, async (each) => endLeft(each, context, lives.get(each)?.current?.version, await early.units(each))),
  ]);
  context.report({ type: 'app', name: first.name, summary: describeProject(project) });
  const meanwhile = new Meanwhile(fleet, context);
  let last: Promise<unknown> | undefined;
  const whole = async () => {
    const made = await makeOnFleet(fleet, meanwhile.beside, inputs.tree, (builder) => {
      const one: Making = { ...makingOn(going, builder, inputs, version, meanwhile), project, ...making?.(builder) };
      // An environment that is brought needs nothing to build it with.
      const tools = async () => (one.bringEnvironment === undefined ? one.tooling.bring() : undefined);
      return { making: one, site: serverSite(fleet, builder, version, meanwhile, early, tools) };
    });
    last = made.settled;
    const environment = { directory: workingDirectory(made.release), env: releaseEnvironment(made.release) };
    const hooks = { host: first.runner, context, ...environment };
    if (decided.hooks['before_switch'] !== undefined) await Promise.all([meanwhile.done(), made.whole]);
    await runHook('before_switch', decided.hooks['before_switch'], hooks);
    const parts = made.releases.map(([each, release]) => partOf(each, release, lives.get(each)?.current));
    const held = () =>
      Promise.all([
        rememberAllWritten(fleet, made.release.version),
        rememberHosts(fleet),
        ...parts.map((part) => prune(part, context)),
      ]);
    const reported = { ...context, report: made.report };
    const went = await goLive({ context: reported, parts, meanwhile, whole: made.whole, held });
    return { made, hooks, ...went };
  };
  // Nothing goes on in the background, whatever became of it.
  const { made, hooks, warnings, switches } = await whole().finally(() => Promise.allSettled([meanwhile.settled(), last]));
  await runHook('after_switch', decided.hooks['after_switch'], hooks);
  return done(
    going,
    made.release,
    { changed: true, warnings: [...foreseen, ...left, ...drift, ...made.warnings, ...warnings] },
    switches,
  );
}

/** What is left over for want of it is told, and no more: the new release is live. */
async function prune({ app, release }: Part, context: Context): Promise<void> {
  await run(
    app,
    context,
  )(pruneSteps(release.options, app.place)).catch((error: unknown) =>
    context.report({
      type: 'warning',
      warning: { code: 'not-pruned', message: `Older releases on ${app.place.name} stay: ${Failure.from(error).message}` },
    }),
  );
}

/** Every release that any of the hosts has. */
const versionsOn = async ({ apps }: Fleet): Promise<string[]> =>
  (await Promise.all(apps.map((app) => releaseNames(onSystem(app))))).flat();

const makingOn = ({ fleet, decided }: Going, app: ServerApp, inputs: Inputs, version: string, meanwhile: Meanwhile): Making => ({
  context: meanwhile.beside,
  app,
  project: app.project,
  tree: inputs.tree,
  choices: { ...decided.choices, app: decided.choices.app ?? app.project.name.value },
  ...(decided.python === undefined ? {} : { python: decided.python }),
  ...(decided.build === undefined ? {} : { build: decided.build }),
  placedFiles: decided.placedFiles,
  version,
  inputs: inputs.key,
  ports: PORTS,
  domains: app.domains,
  tooling: serverTooling(fleet, app, meanwhile.beside, () => meanwhile.installed()),
  keep: decided.releasesKept,
  pythonPackages: decided.pythonPackages,
  keptFolders: decided.keep,
  hooks: decided.hooks,
});

/** What is told of a release that is live on every host of the app. @param switches to it, where there were any now */
export const resultOf = (
  { first, apps }: Fleet,
  release: LocalRelease,
  switches: ReadonlyMap<ServerApp, SwitchRecord> = new Map(),
): Omit<DeployResult, 'changed' | 'seconds' | 'warnings'> => ({
  app: release.app,
  environment: first.environment,
  release: release.version,
  url: `https://${release.domains[0]}/`,
  hosts: apps.map((app) => {
    const { renameMs, probe } = switches.get(app) ?? {};
    return {
      host: app.place.name,
      release: release.version,
      ...(probe === undefined ? {} : { renameMs: renameMs ?? null, probe }),
    };
  }),
});
