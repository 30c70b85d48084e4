import { workingDirectory } from '../../targets/release-files.js';
import type { Context } from '../context.js';
import { type Decided, decideFor } from '../decide.js';
import { describeProject } from '../describe-project.js';
import { releaseEnvironment } from '../exec.js';
import { runHook } from '../hooks.js';
import { type Inputs, readInputs } from '../inputs.js';
import type { Making } from '../making.js';
import { type LocalRelease, releaseNames } from '../release-record.js';
import type { DeployResult } from '../results.js';
import { releaseVersion, timeOfNext } from '../source.js';
import { onSystem, type ServerApp } from './app.js';
import { driftsOf, driftWarning, keepDrifts, rememberWritten } from './drift.js';
import { type Fleet, onFleet } from './fleet.js';
import { goLive } from './go-live.js';
import { journaled } from './journal.js';
import { LaterPackages } from './later-packages.js';
import { endLeft } from './left.js';
import { liveOf, readLives } from './lives.js';
import { withFleetLock } from './lock.js';
import { makeOnFleet } from './make-on-fleet.js';
import { partOf } from './part.js';
import { preflight } from './preflight.js';
import { serverSite } from './site.js';
import type { SwitchRecord } from './switch-record.js';
import { serverTooling } from './tooling.js';

export interface DeployOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
}

const PORTS = { https: 443, http: 80, redis: 0 } as const;

/**
 * The whole way to the servers of an environment, from the source tree to HTTPS; they may be empty. Again: a new release beside the old one,
 * or a word that nothing changed.
 * @throws Failure; what was live before stays live
 */
export const deploy = (context: Context, options: DeployOptions): Promise<DeployResult> =>
  onFleet(context, (fleet) =>
    withFleetLock(fleet, 'deploy', () => journaled(fleet, context, 'deploy', (told) => deployLocked(fleet, told, options))),
  );

async function deployLocked(fleet: Fleet, context: Context, options: DeployOptions): Promise<DeployResult> {
  const began = performance.now();
  const { first: app } = fleet;
  await fleet.alignSecrets();
  const decided = await decideFor(app, app.config, options);
  const [inputs, lives] = await Promise.all([readInputs(app, decided, app.config), readLives(fleet)]);
  const seconds = () => Math.round(performance.now() - began) / 1000;
  const live = await liveOf(lives);
  if (live !== undefined && live.options.inputs === inputs.key)
    return {
      ...resultOf(fleet, live),
      changed: false,
      seconds: seconds(),
      warnings: (await driftsOf(fleet, lives)).map((one) => driftWarning(one)),
    };
  const foreseen = await preflight(fleet, context, inputs.tree);
  const drift = await keepDrifts(fleet, context, lives);
  await Promise.all(fleet.apps.map((each) => endLeft(each, context, lives.get(each)?.current?.version)));
  context.report({ type: 'app', name: app.name, summary: describeProject(app.project) });
  const version = releaseVersion(timeOfNext(new Date(), await versionsOn(fleet)), inputs.tree.fingerprint, inputs.key);
  const later = new LaterPackages(fleet, context);
  const made = await makeOnFleet(fleet, context, inputs.tree, (builder) => ({
    making: makingOn(builder, context, decided, inputs, version),
    site: serverSite(fleet, builder, context, version, later),
  })).finally(() => later.settled());
  const hooks = { host: app.runner, context, directory: workingDirectory(made.release), env: releaseEnvironment(made.release) };
  await runHook('before_switch', decided.hooks['before_switch'], hooks);
  const parts = made.releases.map(([each, release]) => partOf(each, release, lives.get(each)?.current));
  const { warnings, switches } = await goLive({ context, parts });
  await Promise.all(fleet.apps.map((each) => rememberWritten(each, made.release.version)));
  await runHook('after_switch', decided.hooks['after_switch'], hooks);
  return {
    ...resultOf(fleet, made.release, switches),
    changed: true,
    seconds: seconds(),
    warnings: [...foreseen, ...drift, ...made.warnings, ...warnings],
  };
}

/** Every release that any of the hosts has. */
const versionsOn = async ({ apps }: Fleet): Promise<string[]> =>
  (await Promise.all(apps.map((app) => releaseNames(onSystem(app))))).flat();

const makingOn = (app: ServerApp, context: Context, decided: Decided, inputs: Inputs, version: string): Making => ({
  context,
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
  tooling: serverTooling(app, context),
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
