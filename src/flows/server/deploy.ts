import { workingDirectory } from '../../targets/release-files.js';
import type { Context } from '../context.js';
import { type Decided, decideFor } from '../decide.js';
import { describeProject } from '../describe-project.js';
import { releaseEnvironment } from '../exec.js';
import { runHook } from '../hooks.js';
import { type Inputs, readInputs } from '../inputs.js';
import { type Made, makeRelease } from '../make-release.js';
import type { Making } from '../making.js';
import { type LocalRelease, readLive, releaseNames } from '../release-record.js';
import type { DeployResult } from '../results.js';
import { releaseVersion, timeOfNext } from '../source.js';
import { onServer, onSystem, type ServerApp } from './app.js';
import { goLive } from './go-live.js';
import { endLeft } from './left.js';
import { withHostLock } from './lock.js';
import { isWhole } from './running.js';
import { serverSite } from './site.js';
import { serverTooling } from './tooling.js';

export interface DeployOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
}

const PORTS = { https: 443, http: 80, redis: 0 } as const;

/**
 * The whole way to a server, from the source tree to HTTPS; the server may be empty. Again: a new release beside the old one, or a word that
 * nothing changed.
 * @throws Failure; what was live before stays live
 */
export const deploy = (context: Context, options: DeployOptions): Promise<DeployResult> =>
  onServer(context, (app) => withHostLock(app, 'deploy', () => deployLocked(app, context, options)));

async function deployLocked(app: ServerApp, context: Context, options: DeployOptions): Promise<DeployResult> {
  const began = performance.now();
  const decided = await decideFor(app, app.config, options);
  const [inputs, { current }] = await Promise.all([readInputs(app, decided, app.config), readLive(onSystem(app))]);
  const seconds = () => Math.round(performance.now() - began) / 1000;
  if (current !== undefined && current.options.inputs === inputs.key && (await isWhole(app, current)))
    return { ...resultOf(app, current), changed: false, seconds: seconds(), warnings: [] };
  await endLeft(app, context, current?.version);
  context.report({ type: 'app', name: app.name, summary: describeProject(app.project) });
  const made = await make(app, context, decided, inputs);
  const hooks = { host: app.runner, context, directory: workingDirectory(made.release), env: releaseEnvironment(made.release) };
  await runHook('before_switch', decided.hooks['before_switch'], hooks);
  const warnings = await goLive({ context, app, release: made.release, current });
  await runHook('after_switch', decided.hooks['after_switch'], hooks);
  return { ...resultOf(app, made.release), changed: true, seconds: seconds(), warnings: [...made.warnings, ...warnings] };
}

async function make(app: ServerApp, context: Context, decided: Decided, inputs: Inputs): Promise<Made> {
  const making: Making = {
    context,
    app,
    project: app.project,
    tree: inputs.tree,
    choices: { ...decided.choices, app: decided.choices.app ?? app.project.name.value },
    ...(decided.python === undefined ? {} : { python: decided.python }),
    ...(decided.build === undefined ? {} : { build: decided.build }),
    placedFiles: decided.placedFiles,
    version: releaseVersion(timeOfNext(new Date(), await releaseNames(onSystem(app))), inputs.tree.fingerprint, inputs.key),
    inputs: inputs.key,
    ports: PORTS,
    domains: app.domains,
    tooling: serverTooling(app, context),
    keep: decided.releasesKept,
    pythonPackages: decided.pythonPackages,
    keptFolders: decided.keep,
    hooks: decided.hooks,
  };
  return makeRelease(making, serverSite(app, context, making.version));
}

/** What is told of a live release. */
export const resultOf = (app: ServerApp, release: LocalRelease): Omit<DeployResult, 'changed' | 'seconds' | 'warnings'> => ({
  app: release.app,
  environment: app.environment,
  release: release.version,
  url: `https://${release.domains[0]}/`,
  hosts: [{ host: app.system.name, release: release.version }],
});
