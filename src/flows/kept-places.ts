import { dirname } from 'node:path';
import type { Kept } from '../config/resolve/writable.js';
import { releaseFiles, stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';

/**
 * Places next to the code that outlive the release. Their first content is what the source has; after that the kept one is the only truth.
 * Only tracked files are in a source that git knows, so that a developer's own database stays a developer's.
 */
export async function keepPlaces(
  app: App,
  version: string,
  kept: readonly Kept[],
  seeds: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { source } = releaseFiles(app.at, version);
  const state = stateFiles(app.at);
  const folders = [`${state.data}/databases`, `${state.data}/incoming`, state.media, `${state.logs}/app`];
  await Promise.all(folders.map((folder) => app.runner.folder(folder)));
  for (const place of kept) {
    const from = `${source}/${place.path}`;
    const first = !(await app.runner.exists(place.to));
    if (first) await app.runner.folder(place.kind === 'folder' ? place.to : dirname(place.to));
    const mayCopy = place.how === 'link' || isSeed(place.path, seeds);
    if (first && mayCopy && (await app.host.exists(from))) await app.runner.copy(from, place.to);
    for (const folder of place.folders ?? []) await app.runner.folder(`${place.to}/${folder}`);
    if (place.how !== 'link') continue;
    await app.host.remove(from);
    await app.host.link(from, place.to);
  }
}

/** A tracked file, or a folder with tracked files below it. */
const isSeed = (path: string, seeds: ReadonlySet<string>): boolean =>
  [...seeds].some((seed) => seed === path || seed.startsWith(`${path}/`));
