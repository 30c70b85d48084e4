import { cp, lstat, mkdir, rm } from 'node:fs/promises';
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
  for (const folder of [`${state.data}/databases`, `${state.data}/incoming`, state.media, `${state.logs}/app`])
    await mkdir(folder, { recursive: true });
  for (const place of kept) {
    const from = `${source}/${place.path}`;
    const first = !(await isThere(place.to));
    if (first) await mkdir(place.kind === 'folder' ? place.to : dirname(place.to), { recursive: true });
    const mayCopy = place.how === 'link' || isSeed(place.path, seeds);
    if (first && mayCopy && (await isThere(from))) await cp(from, place.to, { recursive: true, errorOnExist: false });
    for (const folder of place.folders ?? []) await mkdir(`${place.to}/${folder}`, { recursive: true });
    if (place.how !== 'link') continue;
    await rm(from, { recursive: true, force: true });
    await app.host.link(from, place.to);
  }
}

/** A tracked file, or a folder with tracked files below it. */
const isSeed = (path: string, seeds: ReadonlySet<string>): boolean =>
  [...seeds].some((seed) => seed === path || seed.startsWith(`${path}/`));

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
