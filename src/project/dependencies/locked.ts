import { parseToml, stringAt, tableAt } from '../toml.js';
import { join, type Tree } from '../tree.js';
import { fromPoetry } from '../version.js';
import { type Lock, readPdmLock, readPipfileLock, readPoetryLock, readUvLock } from './locks.js';
import { type Option, option } from './option.js';
import type { Packages } from './packages.js';
import { type Pyproject, readPyproject } from './pyproject.js';
import { normalise } from './requirement.js';

const RANK = { uv: 100, poetry: 95, pdm: 90, pipenv: 85, pipfile: 52, poetryBare: 62 };
/** What a lock that no longer fits its manifest costs: below requirements files, above nothing. */
const STALE = 40;

interface Manager {
  readonly manager: 'uv' | 'poetry' | 'pdm';
  readonly file: string;
  readonly read: (text: string, manifest: Pyproject | undefined) => Lock | undefined;
}

const MANAGERS: readonly Manager[] = [
  { manager: 'uv', file: 'uv.lock', read: (text, manifest) => readUvLock(text, manifest?.groups ?? [], manifest?.extras ?? []) },
  {
    manager: 'poetry',
    file: 'poetry.lock',
    read: (text, manifest) => readPoetryLock(text, [...(manifest?.packages.keys() ?? [])]),
  },
  { manager: 'pdm', file: 'pdm.lock', read: readPdmLock },
];

/** The lock files of one folder, each with what it would install. */
export function lockedOptions(tree: Tree, directory: string): Option[] {
  const found = readPyproject(tree, directory);
  const manifest = found === 'broken' ? undefined : found;
  return [...MANAGERS.flatMap((manager) => fromLock(tree, directory, manager, manifest)), ...pipenv(tree, directory)];
}

function fromLock(tree: Tree, directory: string, { manager, file, read }: Manager, manifest: Pyproject | undefined): Option[] {
  const path = join(directory, file);
  const text = tree.text(path);
  if (text === undefined) return [];
  const lock = read(text, manifest);
  if (lock === undefined) return [];
  const missing = absent(manifest?.packages, lock.packages);
  const files = manifest === undefined ? [path] : [path, manifest.path];
  const wishes = [
    ...(manifest?.python === undefined ? [] : [{ value: manifest.python, from: manifest.path }]),
    ...(lock.python === undefined ? [] : [{ value: fromPoetry(lock.python) ?? '', from: path }]),
  ];
  return [
    option({
      manager,
      directory,
      files,
      inputs: [...files, ...setupFiles(tree, directory)],
      packages: lock.packages,
      groups: manifest?.groups ?? [],
      extras: manifest?.extras ?? [],
      python: wishes.filter((wish) => wish.value !== ''),
      rank: RANK[manager] - (missing.length > 0 ? STALE : 0),
      why: path,
      hints:
        missing.length > 0
          ? [`${path} does not have ${missing.join(', ')}, which pyproject.toml asks for: it is out of date`]
          : [],
    }),
  ];
}

/** What the manifest asks for and the lock lacks, other than by environment marker. */
function absent(wanted: Packages | undefined, locked: Packages): string[] {
  return wanted === undefined ? [] : [...wanted.keys()].filter((name) => !locked.has(name));
}

export const setupFiles = (tree: Tree, directory: string): string[] =>
  ['setup.py', 'setup.cfg'].map((name) => join(directory, name)).filter((path) => tree.has(path));

function pipenv(tree: Tree, directory: string): Option[] {
  const manifest = join(directory, 'Pipfile');
  const lockPath = join(directory, 'Pipfile.lock');
  const document = parseToml(tree.text(manifest) ?? '');
  const lockText = tree.text(lockPath);
  const lock = lockText === undefined ? undefined : readPipfileLock(lockText);
  if (lock === undefined && (document === undefined || !tree.has(manifest))) return [];
  const full = stringAt(document, 'requires', 'python_full_version');
  const short = stringAt(document, 'requires', 'python_version');
  const python = full !== undefined ? `==${full}` : short !== undefined ? `==${short}.*` : undefined;
  const files = lock === undefined ? [manifest] : [lockPath, ...(tree.has(manifest) ? [manifest] : [])];
  return [
    option({
      manager: 'pipenv',
      directory,
      files,
      packages: lock?.packages ?? pipfilePackages(document),
      python: [
        ...(python === undefined ? [] : [{ value: python, from: manifest }]),
        ...(lock?.python === undefined ? [] : [{ value: lock.python, from: lockPath }]),
      ],
      rank: lock === undefined ? RANK.pipfile : RANK.pipenv,
      why: files[0] ?? manifest,
    }),
  ];
}

function pipfilePackages(document: unknown): Packages {
  const entries = Object.entries(tableAt(document, 'packages'));
  return new Map(
    entries.map(([name, wanted]) => {
      const version = typeof wanted === 'string' ? wanted : (stringAt(wanted, 'version') ?? '*');
      return [normalise(name), version === '*' ? '' : version];
    }),
  );
}
