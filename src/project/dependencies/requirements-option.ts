import { join, parentOf, type Tree } from '../tree.js';
import { type Option, option } from './option.js';
import { fromRequirements } from './packages.js';
import { type RequirementsFile, readRequirements } from './requirements-file.js';

/** File names (without ending), best first; the number is the rank. */
const NAMES: readonly (readonly [RegExp, number])[] = [
  [
    /^requirements[-_.]?(prod|production|deploy|deployment|live)$|^(prod|production|deploy|deployment|live)[-_.]?requirements$/i,
    80,
  ],
  [/^requirements$|^reqs?$|^requires$/i, 78],
  [/^requirements[-_.]?(server|heroku|docker|aws)$/i, 70],
  [/^requirements[-_.]?(base|common|main|core|app|all|full|pip)$|^(pip[-_]requirements|dependencies|deps|packages)$/i, 66],
];

/** In a folder named requirements, where the name says only the kind. */
const KINDS: readonly (readonly [RegExp, number])[] = [
  [/^(prod|production|deploy|deployment|live)$/i, 79],
  [/^(requirements|default|main|app)$/i, 72],
  [/^(server|heroku|docker|aws)$/i, 70],
  [/^(base|common|core|install|defaults|shared|runtime)$/i, 66],
];

/** A file that is only for those who work on the code. */
const DEVELOPMENT = /(^|[-_./])(dev|develop|development|local|tests?|testing|ci|docs?|lint|quality|tools)([-_.]|$)/i;

const FOLDERS = ['requirements', 'reqs', 'requires', 'deps', 'require', 'pip'];

const stem = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.(txt|pip|in|lock)$/, '');

const rankOf = (path: string, table: readonly (readonly [RegExp, number])[]): number | undefined =>
  table.find(([pattern]) => pattern.test(stem(path)))?.[1];

const fileName = /\.(txt|pip|in)$/;

/** The requirements files of one folder that name Django or look right, best first. */
export function requirementsOptions(tree: Tree, directory: string): Option[] {
  const direct = tree.filesIn(directory).filter((path) => fileName.test(path));
  const folders = FOLDERS.map((folder) => join(directory, folder)).filter((folder) => tree.hasFolder(folder));
  const nested = folders.flatMap((folder) => tree.filesIn(folder).filter((path) => fileName.test(path)));
  const ranked = [
    ...direct.map((path) => ({ path, rank: rankOf(path, NAMES) })),
    ...nested.map((path) => ({ path, rank: rankOf(path, KINDS) ?? rankOf(path, NAMES) ?? fallbackRank(path) })),
  ];
  return ranked.flatMap(({ path, rank }) => (rank === undefined ? [] : fromFile(tree, directory, path, rank)));
}

/** A file in any folder, known to be what is installed from. */
export const namedRequirements = (tree: Tree, path: string): Option[] =>
  fromFile(tree, parentOf(path), path, rankOf(path, NAMES) ?? fallbackRank(path));

/** Any other file in a requirements folder may be it, when nothing better is there. */
const fallbackRank = (path: string): number => (DEVELOPMENT.test(stem(path)) ? 30 : 56);

function fromFile(tree: Tree, directory: string, path: string, rank: number): Option[] {
  const read = readRequirements(tree, path);
  const isSource = path.endsWith('.in');
  if (isSource && compiled(tree, path) !== undefined) return [];
  const packages = fromRequirements(read.requirements);
  for (const { name, specifier } of read.constraints) {
    if (packages.get(name) === '') packages.set(name, specifier);
  }
  const development = developmentOnly(read);
  const penalty = (isSource ? 25 : 0) + (development === undefined ? 0 : 6) + (packages.has('django') ? 0 : 20);
  return [
    option({
      manager: 'requirements',
      directory,
      files: [path],
      inputs: [...read.inputs, ...read.local.flatMap((folder) => manifestsOf(tree, folder))],
      packages,
      rank: rank - penalty,
      why: development === undefined ? path : `${path} (which includes ${development})`,
      hints: read.unread.map((line) => `not understood: ${line}`),
    }),
  ];
}

/** The pip-tools output for a `.in` file, beside it or one folder up (`requirements.in/base.txt` is none). */
function compiled(tree: Tree, path: string): string | undefined {
  const txt = path.replace(/\.in$/, '.txt');
  return tree.has(txt) ? txt : undefined;
}

function developmentOnly(read: RequirementsFile): string | undefined {
  return read.inputs.slice(1).find((path) => DEVELOPMENT.test(stem(path)));
}

const manifestsOf = (tree: Tree, folder: string): string[] =>
  ['pyproject.toml', 'setup.py', 'setup.cfg'].map((name) => join(folder, name)).filter((path) => tree.has(path));
