import { closeSync, openSync, readSync } from 'node:fs';
import { type Found, found } from '../core/found.js';
import { upwards } from './dependencies/choose.js';
import { diskPath } from './disk-path.js';
import { readTracked } from './git.js';
import type { Outcome } from './settings/outcome.js';
import { join, parentOf, type Tree } from './tree.js';

const MAGIC = 'SQLite format 3\0';

export interface Seeds {
  readonly seeds: readonly Found<string>[];
  readonly hints: readonly Found<string>[];
  /** STATIC_ROOT, where the project ships files in it. */
  readonly shippedStatic?: Found<string>;
}

/** Data that the project ships: databases the settings name, uploads. Without a repository, what is there counts as shipped. */
export function findSeeds(tree: Tree, outcome: Outcome, directory: string): Seeds {
  const tracked = readTracked(tree.root);
  const isShipped = (path: string): boolean => tracked === undefined || tracked.has(path);
  const how = tracked === undefined ? 'no repository says otherwise' : 'tracked by git';
  const databases = tree.files
    .filter(
      ({ path, link }) =>
        link === undefined && /\.(sqlite3?|db|db3|sqlite3?\.db)$/.test(path) && isShipped(path) && isSqlite(tree.root, path),
    )
    .map(({ path }) => path);
  const named = outcome.texts.filter((text) => /^DATABASES\.\w+(\.NAME)?$/.test(text.setting)).map((text) => base(text.value));
  const engines = outcome.texts.filter((text) => /^DATABASES\b.*\bENGINE$/.test(text.setting) && text.certainty === 'sure');
  const elsewhere = engines.length > 0 && !engines.some((text) => /sqlite|spatialite/.test(text.value));
  const wanted = elsewhere ? [] : databases.filter((path) => named.length === 0 || named.some((name) => name === base(path)));
  const [statics] = shippedFolder('STATIC_ROOT', tree, outcome, directory, isShipped, how);
  const others = databases.filter((path) => !wanted.includes(path));
  return {
    seeds: [...wanted.map((path) => found(path, how)), ...shippedFolder('MEDIA_ROOT', tree, outcome, directory, isShipped, how)],
    ...(statics === undefined ? {} : { shippedStatic: statics }),
    hints: others.map((path) => found(`${path} is a SQLite database in the source tree that DATABASES does not name`, how)),
  };
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function isSqlite(root: string, path: string): boolean {
  const head = Buffer.alloc(MAGIC.length);
  try {
    const descriptor = openSync(diskPath(root, path), 'r');
    try {
      return readSync(descriptor, head) === MAGIC.length && head.toString('latin1') === MAGIC;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

/** The folder that a setting names, when the project ships files in it. */
function shippedFolder(
  setting: 'MEDIA_ROOT' | 'STATIC_ROOT',
  tree: Tree,
  outcome: Outcome,
  directory: string,
  isShipped: (path: string) => boolean,
  how: string,
): Found<string>[] {
  const names = outcome.texts
    .filter((text) => text.setting === setting && text.certainty !== 'never')
    .map((text) => text.value.replace(/^\.?\/|\/$/g, ''));
  const last = names.at(-1);
  if (last === undefined || last === '') return [];
  const places = [directory, ...outcome.files.flatMap((path) => upwards(parentOf(path)))];
  const folder = places.map((place) => join(place, last)).find((one) => tree.hasFolder(one) && one !== '' && one !== '.');
  if (folder === undefined) return [];
  const has = tree.files.some(
    ({ path }) => path.startsWith(`${folder}/`) && isShipped(path) && !/(^|\/)\.(gitkeep|gitignore|keep)$/.test(path),
  );
  return has ? [found(folder, how)] : [];
}
