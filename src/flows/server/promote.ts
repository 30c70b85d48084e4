import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { environmentConfig, environmentNames } from '../../config/environment.js';
import { loadConfig } from '../../config/load.js';
import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import type { Project } from '../../core/project.js';
import { unpackHere } from '../../hosts/unpack-here.js';
import { type Fingerprint, fingerprint } from '../../project/fingerprint.js';
import { inspect } from '../../project/inspect.js';
import { releaseFiles } from '../../targets/server/layout.js';
import type { BuiltEnvironment } from '../build-environment.js';
import type { Context } from '../context.js';
import { packageCount } from '../environment.js';
import type { Making } from '../making.js';
import type { LocalRelease } from '../release-record.js';
import type { ServerApp } from './app.js';
import { copyEnvironment } from './copy-release.js';
import { type Fleet, kindOf, onFleet } from './fleet.js';
import { readLives } from './lives.js';
import { isCalled } from './stored-release.js';

/** A release of another environment, ready to be one of this. */
export interface Promoted {
  readonly release: LocalRelease;
  /** Its code, on this machine for as long as the work lasts. */
  readonly project: Project;
  readonly tree: Fingerprint;
  /** How it is made without building it again, on a host of this environment. */
  making(to: ServerApp, context: Context): Pick<Making, 'build' | 'bringEnvironment'>;
}

/**
 * Looks for a release on the servers of the project's other environments, and does the work with it.
 * @throws Failure NO_RELEASE (usage) where none of them has it
 */
export async function withPromoted<T>(
  fleet: Fleet,
  context: Context,
  wanted: string,
  work: (promoted: Promoted) => Promise<T>,
): Promise<T> {
  const { root, environment } = fleet.first;
  const { config } = await loadConfig(root);
  const names = environmentNames(config).filter(
    (name) => name !== environment && name !== 'local' && environmentConfig(config, name).target === 'server',
  );
  for (const name of names) {
    const found = await onFleet({ ...context, environment: name }, async ({ first, apps }) => {
      const lives = await readLives({ apps: apps.filter((app) => app === first) });
      const { current, previous } = lives.get(first) ?? { previous: [] };
      const release = [...(current === undefined ? [] : [current]), ...previous].find((one) => isCalled(one, wanted));
      if (release === undefined) return undefined;
      context.report({ type: 'note', message: `release ${release.version} comes from ${name} (${first.place.name})` });
      return { result: await withSource(context, first, release, work) };
    });
    if (found !== undefined) return found.result;
  }
  throw new Failure('NO_RELEASE', 'usage', `Neither ${[environment, ...names].join(' nor ')} has a release ${wanted}`, {
    hint: names[0] === undefined ? `slipway releases -e ${environment}` : `slipway releases -e ${names[0]}`,
  });
}

async function withSource<T>(
  context: Context,
  from: ServerApp,
  release: LocalRelease,
  work: (promoted: Promoted) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-release-'));
  try {
    // A project may be called by its folder.
    const root = join(folder, basename(from.root));
    await mkdir(root, { mode: 0o700 });
    const { source } = releaseFiles(from.at, release.version);
    // Files that were placed for that environment are not of the release itself.
    const placed = new Set(Object.keys(from.config.files));
    await unpackHere(from.connection.pack({ path: source, foreign: from.at.state }, context.signal), root, context.signal);
    for (const path of placed) await rm(join(root, path), { force: true });
    const { commit, dirty } = release.source;
    const tree = await fingerprint(root, join(folder, 'fingerprint.json'));
    return await work({
      release,
      project: await inspect(root),
      tree: { ...tree, ...(commit === undefined ? {} : { commit }), ...(dirty === undefined ? {} : { dirty }) },
      making: (to, toContext) => ({ build: [], ...broughtTo(from, to, release, toContext) }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** It came with the environment. */
const nothingMade = ({ place }: ServerApp): Step => ({
  id: 'environment.bytecode',
  title: 'bytecode',
  stage: 'build',
  host: place.name,
  lane: 'bytecode',
  action: { kind: 'run', command: { argv: ['true'] }, check: { command: { argv: ['true'] } } },
});

/** The environment as it is on the other host, where both are of one kind. */
function broughtTo(from: ServerApp, to: ServerApp, release: LocalRelease, context: Context): Pick<Making, 'bringEnvironment'> {
  if (kindOf(from) !== kindOf(to)) return {};
  return {
    bringEnvironment: async (): Promise<BuiltEnvironment> => {
      await copyEnvironment({ context, from, to, release });
      return {
        python: release.python,
        packages: await packageCount(to, release.python.key),
        warnings: [],
        bytecode: nothingMade(to),
      };
    },
  };
}
