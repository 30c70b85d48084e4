import { Failure, type Warning } from '../core/failure.js';
import { apply } from '../engine/apply.js';
import { acquireLock } from '../hosts/lock.js';
import { isReleaseReady } from '../ops/readiness.js';
import { parseProcesses, rpc } from '../ops/supervisor.js';
import { inspect } from '../project/inspect.js';
import { endSteps, readyRequest, undrainSteps } from '../targets/local/go-live.js';
import { authorityCertificate, sockets, stateFiles } from '../targets/local/layout.js';
import { workingDirectory } from '../targets/local/release-files.js';
import { type App, openApp } from './app.js';
import type { Context } from './context.js';
import { decide } from './decide.js';
import { describeProject } from './describe-project.js';
import { releaseEnvironment } from './exec.js';
import { goLive } from './go-live.js';
import { runHook } from './hooks.js';
import { readInputs } from './inputs.js';
import { makeRelease } from './make-release.js';
import { LOCAL_DOMAINS } from './place.js';
import { choosePorts, readPorts } from './ports.js';
import { processesOf } from './processes.js';
import { prune } from './prune.js';
import { type LocalRelease, readLive } from './release-record.js';
import type { UpResult } from './results.js';
import { releaseVersion } from './source.js';
import { makeSuperuser } from './superuser.js';
import { ensureSupervisor } from './supervision.js';
import { openTooling, type Tooling } from './tooling.js';
import { webLaunch } from './web-launch.js';

export interface UpOptions {
  readonly port?: number;
  readonly httpPort?: number;
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  /** Name of a first superuser to make, where there is none of that name. */
  readonly superuser?: string;
}

const LOCK_SECONDS = 600;

/**
 * The whole way on this machine, from the source tree to HTTPS. Again: a new release beside the old one, or a word that nothing changed.
 * @throws Failure; what was live before stays live
 */
export async function up(context: Context, options: UpOptions): Promise<UpResult> {
  const began = performance.now();
  const app = await openApp(context);
  const unlock = await acquireLock(stateFiles(app.at).lock, {
    command: 'up',
    waitSeconds: LOCK_SECONDS,
    signal: context.signal,
    onWait: (holder) =>
      context.report({
        type: 'note',
        message: `waiting for \`slipway ${holder.command}\` (process ${holder.pid}), at work since ${holder.since}`,
      }),
  });
  try {
    const { release, changed, warnings } = await upLocked(context, app, options);
    return { ...resultOf(app, release), changed, seconds: Math.round(performance.now() - began) / 1000, warnings };
  } finally {
    await unlock();
  }
}

/** What is told of a live release, by whatever made it live. */
export const resultOf = (app: App, release: LocalRelease): Omit<UpResult, 'changed' | 'seconds' | 'warnings'> => ({
  app: release.app,
  environment: app.environment,
  release: release.version,
  url: `https://${release.domains[0]}${release.options.httpsPort === 443 ? '' : `:${release.options.httpsPort}`}/`,
  ca: authorityCertificate(app.at.home),
});

interface Outcome {
  readonly release: LocalRelease;
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

async function upLocked(context: Context, app: App, options: UpOptions): Promise<Outcome> {
  const decided = await decide(app, options);
  const [inputs, live, kept] = await Promise.all([readInputs(app, decided), readLive(app), readPorts(app)]);
  const { current } = live;
  const samePorts = (options.port ?? kept?.https) === kept?.https && (options.httpPort ?? kept?.http) === kept?.http;
  const same = current !== undefined && samePorts && current.options.inputs === inputs.key;
  const running = current !== undefined && (await isRunning(app, current));
  if (same && running) {
    if (options.superuser !== undefined) await makeSuperuser(app, current, options.superuser, context);
    return { release: current, changed: false, warnings: [] };
  }
  const tooling = openTooling(app, context);
  if (same) return { release: await again(context, app, current, tooling), changed: true, warnings: [] };
  await mend(context, app, current, tooling);
  const project = await inspect(app.root);
  const name = decided.choices.app ?? project.name.value;
  context.report({ type: 'app', name, summary: describeProject(project) });
  const ports = await choosePorts(
    app,
    {
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.httpPort === undefined ? {} : { httpPort: options.httpPort }),
    },
    await isEdgeUp(app),
  );
  const made = await makeRelease({
    context,
    app,
    project,
    tree: inputs.tree,
    choices: decided.choices,
    ...(decided.python === undefined ? {} : { python: decided.python }),
    ...(decided.build === undefined ? {} : { build: decided.build }),
    placedFiles: decided.placedFiles,
    version: releaseVersion(new Date(), inputs.tree.fingerprint, inputs.key),
    inputs: inputs.key,
    ports,
    domains: LOCAL_DOMAINS,
    tooling,
    keep: decided.releasesKept,
    pythonPackages: decided.pythonPackages,
    keptFolders: decided.keep,
    hooks: decided.hooks,
  });
  const hooks = { app, context, directory: workingDirectory(made.release), env: releaseEnvironment(made.release) };
  await runHook('before_switch', decided.hooks['before_switch'], hooks);
  const warnings = await goLive({
    context,
    app,
    release: made.release,
    current,
    installed: await tooling.installed(),
    edge: tooling.edge,
    web: webLaunch(made.release),
  });
  await runHook('after_switch', decided.hooks['after_switch'], hooks);
  if (options.superuser !== undefined) await makeSuperuser(app, made.release, options.superuser, context);
  await prune(app, made.release);
  return { release: made.release, changed: true, warnings: [...made.warnings, ...warnings] };
}

/** The release that should be live is not running (after `down`, a reboot, a crash): it is started again, as it is. */
async function again(context: Context, app: App, current: LocalRelease, tooling: Tooling): Promise<LocalRelease> {
  const installed = await tooling.installed();
  await ensureSupervisor(app, context, installed);
  await apply(
    undrainSteps(app.at, current.version, installed),
    () => app.host,
    () => {},
    context.signal,
  );
  await goLive({ context, app, release: current, current, installed, edge: tooling.edge, web: webLaunch(current) });
  return current;
}

/** Ends what a run that was killed has left: releases that are neither live nor finishing their work. */
async function mend(context: Context, app: App, current: LocalRelease | undefined, tooling: Tooling): Promise<void> {
  const response = await app.host.request(rpc.processes(sockets(app.at).supervisor)).catch(() => undefined);
  if (response === undefined) return;
  const groups = new Set(parseProcesses(response).map(({ group }) => group));
  const versions = [...groups].flatMap((group) => /^release-(.+)$/.exec(group)?.[1] ?? []);
  const left = versions.filter((version) => version !== current?.version && !groups.has(`drain-${version}`));
  const installed = left.length === 0 ? undefined : await tooling.installed();
  for (const version of left) {
    context.report({ type: 'note', message: `ending release ${version}, which an interrupted run has left` });
    if (installed !== undefined)
      await apply(
        endSteps(app.at, version, installed),
        () => app.host,
        () => {},
        context.signal,
      );
  }
}

/** True when the release answers on its socket and all its processes, its edge and its services are up. */
async function isRunning(app: App, release: LocalRelease): Promise<boolean> {
  try {
    const [ready, processes] = await Promise.all([
      app.host.request(readyRequest(release)),
      app.host.request(rpc.processes(sockets(app.at).supervisor)),
    ]);
    const own = parseProcesses(processes).filter(
      ({ group }) => !group.startsWith('drain-') && (!group.startsWith('release-') || group === `release-${release.version}`),
    );
    return (
      isReleaseReady(ready).ready &&
      own.some(({ group }) => group === 'edge') &&
      own.every(({ state }) => state === 'running' || state === 'starting')
    );
  } catch (error) {
    if (error instanceof Failure && error.kind === 'connection') return false;
    throw error;
  }
}

/** True while the app's own edge holds its ports, whatever became of the release behind it. */
async function isEdgeUp(app: App): Promise<boolean> {
  return (await processesOf(app)).some(({ group, state }) => group === 'edge' && state === 'running');
}
