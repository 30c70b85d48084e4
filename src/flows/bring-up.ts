import { Failure, type Warning } from '../core/failure.js';
import type { Live } from '../core/release.js';
import { apply } from '../engine/apply.js';
import { isPortFree } from '../hosts/ports.js';
import { inspect } from '../project/inspect.js';
import { undrainSteps } from '../targets/local/go-live.js';
import type { LocalOptions } from '../targets/local/options.js';
import { workingDirectory } from '../targets/local/release-files.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import type { Decided } from './decide.js';
import { describeProject } from './describe-project.js';
import { releaseEnvironment } from './exec.js';
import { goLive } from './go-live.js';
import { runHook } from './hooks.js';
import type { Inputs } from './inputs.js';
import { type Made, makeRelease } from './make-release.js';
import type { Making } from './making.js';
import { endLeft } from './mend.js';
import { LOCAL_DOMAINS } from './place.js';
import { choosePorts } from './ports.js';
import { processesOf } from './processes.js';
import { prune } from './prune.js';
import { pruneHome } from './prune-home.js';
import { type LocalRelease, releaseNames } from './release-record.js';
import type { Running } from './running.js';
import { type LocalSite, localSite } from './site.js';
import { releaseVersion, timeOfNext } from './source.js';
import { makeSuperuser } from './superuser.js';
import { endAfterFailure, endLost, ensureSupervisor } from './supervision.js';
import type { Pythons } from './toolbox.js';
import { openTooling, type Tooling } from './tooling.js';
import type { UpOptions } from './up-options.js';
import { webLaunch } from './web-launch.js';

export interface Outcome {
  readonly release: LocalRelease;
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

/** What `up` has found before it changes anything. */
export interface Found {
  readonly context: Context;
  readonly app: App;
  readonly options: UpOptions;
  readonly decided: Decided;
  readonly inputs: Inputs;
  readonly live: Live<LocalOptions>;
  readonly running: Running;
  /** The release that should be live is made of just this. */
  readonly same: boolean;
  /** Interpreters of this machine, where they are looked for already. */
  readonly pythons: Promise<Pythons> | undefined;
}

/**
 * Makes live what is not: a new release, or the one there is, which does not run as it must. The app is locked.
 * @throws Failure; what was live before stays live
 */
export async function bringUp(found: Found): Promise<Outcome> {
  const { context, app, live, running, same } = found;
  // What a supervisor that was killed has left holds the app's own ports.
  if (!running.supervised) await endLost(app);
  const tooling = openTooling(app, context, found.pythons);
  if (same && live.current !== undefined && ((await isEdgeUp(app)) || (await hasItsPorts(live.current)))) {
    return again(context, app, live, running, tooling);
  }
  if (running.left.length > 0) await endLeft(app, context, running.left, await tooling.installed());
  return newRelease(found, tooling);
}

async function newRelease({ context, app, options, decided, inputs, live }: Found, tooling: Tooling): Promise<Outcome> {
  const project = await inspect(app.root);
  const name = decided.choices.app ?? project.name.value;
  context.report({ type: 'app', name, summary: describeProject(project) });
  const claimed = await choosePorts(
    app,
    {
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.httpPort === undefined ? {} : { httpPort: options.httpPort }),
    },
    await isEdgeUp(app),
  );
  let site: LocalSite | undefined;
  let made: Made | undefined;
  try {
    const making: Making = {
      context,
      app,
      project,
      tree: inputs.tree,
      choices: decided.choices,
      ...(decided.python === undefined ? {} : { python: decided.python }),
      ...(decided.build === undefined ? {} : { build: decided.build }),
      placedFiles: decided.placedFiles,
      version: releaseVersion(timeOfNext(new Date(), await releaseNames(app)), inputs.tree.fingerprint, inputs.key),
      inputs: inputs.key,
      ports: claimed.ports,
      domains: LOCAL_DOMAINS,
      tooling,
      keep: decided.releasesKept,
      pythonPackages: decided.pythonPackages,
      indexes: decided.indexes,
      keptFolders: decided.keep,
      hooks: decided.hooks,
      freeServicePorts: claimed.freeServices,
      first: live.current === undefined,
    };
    site = localSite(making, tooling);
    made = await makeRelease(making, site);
    const hooks = { host: app.runner, context, directory: workingDirectory(made.release), env: releaseEnvironment(made.release) };
    if (decided.hooks['before_switch'] !== undefined) await made.whole;
    await runHook('before_switch', decided.hooks['before_switch'], hooks);
    const warnings = await goLive({
      context: { ...context, report: made.report },
      app,
      release: made.release,
      whole: made.whole,
      current: live.current,
      installed: await tooling.installed(),
      edge: tooling.edge,
      freePorts: claimed.letGo,
      web: await webLaunch(app.host, made.release),
    });
    await runHook('after_switch', decided.hooks['after_switch'], hooks);
    if (options.superuser !== undefined) await makeSuperuser(app, made.release, options.superuser, context);
    await prune(app, made.release);
    await pruneHome(app.at.home);
    return { release: made.release, changed: true, warnings: [...made.warnings, ...warnings] };
  } catch (error) {
    await Promise.allSettled([site?.settled(), made?.settled]);
    // There is nothing that it could go on to serve.
    if (live.current === undefined) await endAfterFailure(app, context);
    throw error;
  } finally {
    await claimed.free();
  }
}

/**
 * The release that should be live does not run as it must (after `down`, a reboot, a crash, an interrupted switch): it is started again, as it
 * is. Where the one before it still runs, that one takes over should this one not hold.
 */
async function again(context: Context, app: App, live: Live<LocalOptions>, running: Running, tooling: Tooling): Promise<Outcome> {
  const { current: release, previous } = live;
  if (release === undefined) throw new Failure('BUG', 'bug', 'no release is live');
  const installed = await tooling.installed();
  const before = previous.find(({ version }) => running.left.includes(version));
  await endLeft(
    app,
    context,
    running.left.filter((version) => version !== before?.version),
    installed,
  );
  await ensureSupervisor(app, context, installed);
  await apply(
    undrainSteps(app.at, release.version, installed),
    () => app.host,
    () => {},
    context.signal,
  );
  const current = before ?? release;
  const web = await webLaunch(app.host, release);
  const warnings = await goLive({ context, app, release, current, installed, edge: tooling.edge, web });
  return { release, changed: true, warnings };
}

/** True while the app's own edge holds its ports, whatever became of the release behind it. */
async function isEdgeUp(app: App): Promise<boolean> {
  return (await processesOf(app)).some(({ group, state }) => group === 'edge' && state === 'running');
}

/** False where another program has taken them while the app was down: then it needs a release with others. */
async function hasItsPorts({ options }: LocalRelease): Promise<boolean> {
  return (await isPortFree(options.httpsPort)) && (await isPortFree(options.httpPort));
}
