import { pythonsFolder } from '../../ops/uv.js';
import type { Fingerprint } from '../../project/fingerprint.js';
import { BUILDER } from '../../targets/server/base.js';
import { releaseFiles, SERVER_HOME, stateFiles } from '../../targets/server/layout.js';
import { makeFolderSteps } from '../../targets/server/release-files.js';
import type { Context } from '../context.js';
import { keepPlaces } from '../kept-places.js';
import { type LocalRelease, recordOf } from '../release-record.js';
import { sourceSteps } from '../source.js';
import type { ServerApp } from './app.js';
import { run } from './site.js';

export interface Copying {
  readonly context: Context;
  readonly from: ServerApp;
  readonly to: ServerApp;
  readonly release: LocalRelease;
  /** What it was made from, where that is at hand: those files come from here, and only what the host has not had before. */
  readonly tree?: Fingerprint;
  /** Where that lies on this machine; absent: the project's folder. */
  readonly root?: string;
}

/** What a host makes itself of a release, or says of its own state of it. */
const OF_THE_HOST = ['ready', 'verified', 'launch', 'cron', 'servers', 'web.sock', 'release.json'];

/** Has a release that is whole on one host on another of the same kind, with all that it runs with. Nothing is built. */
export async function copyRelease(copying: Copying): Promise<void> {
  const { context, from, to, release } = copying;
  const event = { step: 'copy', host: to.place.name };
  const began = performance.now();
  context.report({ type: 'started', ...event, title: `release from ${from.place.name}` });
  await copyEnvironment(copying);
  const { staticKey } = release.options;
  if (staticKey !== null) await copyWhole(copying, `${stateFiles(copying.to.at).statics}/${staticKey}`, 'collected.json');
  await copyFolder(copying);
  await keepSame(copying);
  context.report({ type: 'done', ...event, seconds: (performance.now() - began) / 1000 });
}

/** The environment of a release, and the Python that it is made from. */
export async function copyEnvironment(copying: Copying): Promise<void> {
  await copyInterpreter(copying);
  await copyWhole(copying, copying.release.options.venv, '.bytecode', '.complete');
}

/** A Python that is not the system's lies in Slipway's own folder, and the environment leads there. */
async function copyInterpreter(copying: Copying): Promise<void> {
  const { from, release } = copying;
  const { stdout } = await from.system.exec({ argv: ['readlink', '-f', `${release.options.venv}/bin/python`] });
  if (!stdout.startsWith(`${pythonsFolder(SERVER_HOME)}/`)) return;
  // Below it are `bin/python3.12` and the library.
  const folder = stdout.trim().replace(/\/bin\/[^/]*$/, '');
  await copyWhole(copying, folder, SLIPWAY_COPIED);
}

/** Says that all of a folder has come. */
const SLIPWAY_COPIED = '.slipway-copied';

/** A folder that never changes once its marks are there. They come after all else, and the last of them says that it is whole. */
async function copyWhole({ context, from, to }: Copying, folder: string, ...marks: readonly string[]): Promise<void> {
  if (await to.host.exists(`${folder}/${marks.at(-1)}`)) return;
  await to.host.remove(folder);
  await to.connection.unpack(folder, from.connection.pack({ path: folder, without: marks }, context.signal), {
    as: BUILDER,
    signal: context.signal,
  });
  for (const mark of marks) {
    const path = `${folder}/${mark}`;
    // An environment of before there was that mark has none.
    await to.host.write(path, (await from.system.read(path)) ?? '');
  }
}

/** The release's own folder. What of it is as in the source tree comes from there; its record comes last. */
async function copyFolder(copying: Copying): Promise<void> {
  const { context, from, to, release, tree } = copying;
  const { version } = release;
  const files = releaseFiles(to.at, version);
  const doing = run(to, context);
  await doing(makeFolderSteps({ version, options: { layout: to.at, user: to.user } }, to.place, BUILDER));
  if (tree !== undefined) await doing(await sourceSteps(to, version, copying.root ?? to.root, tree), to.host);
  const known = Object.fromEntries((tree?.files ?? []).map(({ path, sha256 }) => [`source/${path}`, sha256]));
  await to.connection.unpack(
    files.folder,
    from.connection.pack({ path: files.folder, without: OF_THE_HOST, known }, context.signal),
    {
      as: BUILDER,
      signal: context.signal,
    },
  );
  await to.host.write(files.record, recordOf(release), to.privateMode);
}

/** Places next to the code that outlive the release: what this host has not yet comes as it is on the first. */
async function keepSame({ context, from, to, release }: Copying): Promise<void> {
  await keepPlaces(to, release.version, []);
  const { source } = releaseFiles(from.at, release.version);
  const { data } = stateFiles(from.at);
  const { stdout } = await from.system.exec({ argv: ['find', source, '-type', 'l', '-lname', `${data}/*`, '-printf', '%l\\n'] });
  for (const place of stdout.split('\n').filter((line) => line !== '')) {
    if (await to.runner.exists(place)) continue;
    await to.connection.unpack(place, from.connection.pack({ path: place }, context.signal), {
      as: to.user,
      signal: context.signal,
    });
  }
}
