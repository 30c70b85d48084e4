import { type Groundwork, groundwork, type Resolution, resolveRelease } from '../config/resolve/release.js';
import type { Env } from '../core/command.js';
import type { Facts } from '../core/facts.js';
import { Failure, type Warning } from '../core/failure.js';
import type { Project } from '../core/project.js';
import type { PythonEnvironment } from '../core/release.js';
import { apply } from '../engine/apply.js';
import { environmentPaths } from '../targets/local/environment.js';
import { releaseFiles } from '../targets/local/layout.js';
import { pinsFile } from '../targets/local/release-files.js';
import type { App } from './app.js';
import { withAppLock } from './app-lock.js';
import { buildEnvironment } from './build-environment.js';
import type { Draft } from './draft.js';
import { planEnvironment } from './environment.js';
import { keepPlaces } from './kept-places.js';
import { settingsPackages } from './make-release.js';
import type { Making } from './making.js';
import { localPlace } from './place.js';
import { serviceAddresses } from './services.js';
import { chooseSettings } from './settings-choice.js';
import { openWorkshop } from './workshop.js';

/** The release as `up` would resolve it, and its settings ready to run with and without pins. Nothing of it goes live. */
export interface CheckedRelease {
  readonly draft: Draft;
  readonly project: Project;
  readonly facts: Facts;
  readonly python: PythonEnvironment;
  readonly resolution: Resolution;
  readonly probed: string;
  readonly own: Env;
  readonly pinned: Env;
  readonly warnings: readonly Warning[];
}

/** What is known when it goes no further. */
export interface Reached {
  python?: string;
  isInstalled?: boolean;
  project?: Project;
  facts?: Facts;
  probed?: string;
}

/**
 * @param real the app itself: its lock is taken while an environment is made, which it shares with `up`
 * @param reached filled on the way, so that what was found before a failure is not lost
 * @throws Failure of the environment, the settings or the resolution
 */
export async function checkRelease(making: Making, real: App, reached: Reached): Promise<CheckedRelease> {
  const { app, project, choices, version, context } = making;
  const addresses = await serviceAddresses(app, project, making.ports);
  const here = localPlace(app, version, making.ports, addresses, making.domains);
  const place = making.target === undefined ? here : { ...here, target: making.target };
  const before = { app: choices.app ?? project.name.value, release: version, project, choices, place, madeUp: true };
  const ground = groundwork(before);
  for (const wish of ground.variables.secrets) await app.secrets.ensure(wish.name, wish.shape);
  const asked = [...ground.additions.map(({ requirement }) => requirement), ...(making.pythonPackages ?? [])];
  const workshop = await openWorkshop(making, asked, (additions) => sharedEnvironment(making, real, ground, additions, reached));
  reached.isInstalled = true;
  const chosen = await chooseSettings(workshop, context, before, ground);
  const [draft, environment] = [workshop.draft(), workshop.environment()];
  const { source } = releaseFiles(app.at, version);
  Object.assign(reached, { project: chosen.project, facts: chosen.facts, probed: source });
  const resolution = resolveRelease({
    ...chosen.before,
    project: chosen.project,
    facts: chosen.facts,
    probed: source,
    source: { root: project.root, fingerprint: making.tree.fingerprint },
    python: environment.python,
  });
  for (const wish of resolution.secrets) await app.secrets.ensure(wish.name, wish.shape);
  const { release } = resolution;
  const own: Env = { ...release.env, DJANGO_SETTINGS_MODULE: release.settingsModule };
  await writePins(making, resolution, chosen.facts);
  const pinned: Env = { ...own, SLIPWAY_PINS: releaseFiles(app.at, version).pins, SLIPWAY_RELEASE: version };
  return {
    draft,
    project: chosen.project,
    facts: chosen.facts,
    python: environment.python,
    resolution,
    probed: source,
    own,
    pinned,
    warnings: [...environment.warnings, ...chosen.warnings],
  };
}

/** The environment that `up` uses too. Its making is the one thing both must not do at once. */
async function sharedEnvironment(making: Making, real: App, ground: Groundwork, additions: readonly string[], reached: Reached) {
  const { app, project, version, context, tooling } = making;
  const wanted = { making, additions, database: ground.database.kind, copied: Promise.resolve() };
  const wish = {
    app,
    project,
    additions,
    fingerprint: making.tree.fingerprint,
    source: releaseFiles(app.at, version).source,
    ...(making.python === undefined ? {} : { python: making.python }),
  };
  const planned = await planEnvironment(wish, tooling);
  reached.python = planned.python.version;
  if (await app.host.exists(`${environmentPaths(app.at.home, planned.python.key).folder}/.complete`))
    return buildEnvironment(wanted);
  return withAppLock(real, context, 'check', () => buildEnvironment(wanted));
}

async function writePins(making: Making, resolution: Resolution, facts: Facts): Promise<void> {
  const { app, version, context } = making;
  await keepPlaces(app, version, resolution.kept);
  const step = pinsFile({ ...resolution.release, options: { layout: app.at } }, settingsPackages(facts));
  await apply([step], () => app.host, context.report, context.signal);
}

/** A failure as evidence: what stands in the way, and how it is mended. */
export function troubleOf(error: unknown): { code: string; kind: string; message: string; hint: string; where: string } {
  const failure = Failure.from(error);
  if (failure.kind === 'bug' || failure.kind === 'cancelled' || failure.kind === 'config') throw error;
  const where = /^([\w./-]+\.(?:py|txt|toml|lock|in|cfg|ini):\d+)\b/.exec(failure.message)?.[1] ?? '';
  return { code: failure.code, kind: failure.kind, message: failure.message, hint: failure.hint ?? '', where };
}
