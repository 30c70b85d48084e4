import { parentOf, type Tree } from '../tree.js';
import { condaOptions } from './conda-option.js';
import { lockedOptions } from './locked.js';
import { type Option, option } from './option.js';
import { readPyproject } from './pyproject.js';
import { namedRequirements, requirementsOptions } from './requirements-option.js';
import { setupOptions } from './setup-option.js';

/** What every step away from manage.py costs, and naming no Django at all. */
const STEP = 3;
const NO_DJANGO = 20;

/** Every way the tree offers to install the dependencies, best first. `directory` is the folder of manage.py. */
export function dependencyOptions(tree: Tree, directory: string): Option[] {
  const evidence = howItIsInstalled(tree);
  const folders = upwards(directory);
  const beside = folders.flatMap((folder, steps) => inFolder(tree, folder).map((one) => ({ one, steps })));
  const known = new Set(beside.flatMap(({ one }) => one.files));
  const named = namedByEvidence(tree, evidence).filter((path) => !known.has(path));
  const near = [...beside, ...named.flatMap((path) => namedRequirements(tree, path).map((one) => ({ one, steps: 1 })))].map(
    ({ one, steps }) => weigh(one, steps, evidence),
  );
  const useful = near.filter((one) => one.packages.size > 0);
  const all = useful.length > 0 ? near : elsewhere(tree, folders).map((one) => weigh(one, 3, evidence));
  return all.sort((a, b) => b.rank - a.rank);
}

/** A folder and those above it, up to the root. */
export function upwards(directory: string): string[] {
  const folders = [directory];
  while (folders.at(-1) !== '') folders.push(parentOf(folders.at(-1) ?? ''));
  return folders;
}

function inFolder(tree: Tree, folder: string): Option[] {
  return [
    ...lockedOptions(tree, folder),
    ...requirementsOptions(tree, folder),
    ...pyprojectOptions(tree, folder),
    ...setupOptions(tree, folder),
    ...condaOptions(tree, folder),
  ];
}

/** Folders beside that of manage.py, when nothing above it says anything. */
function elsewhere(tree: Tree, seen: readonly string[]): Option[] {
  const manifests = tree.named(/^(requirements.*\.txt|pyproject\.toml|Pipfile|setup\.py)$/).map(parentOf);
  const folders = [...new Set(manifests)].filter((folder) => !seen.includes(folder) && folder.split('/').length <= 2);
  return folders
    .filter((folder) => !/(^|\/)(tests?|docs?|examples?)(\/|$)/.test(folder))
    .flatMap((folder) => inFolder(tree, folder));
}

/** Requirements files of whatever folder that an image or a platform installs from. */
function namedByEvidence(tree: Tree, evidence: readonly Evidence[]): string[] {
  const named = evidence.flatMap(({ text }) => [...text.matchAll(/(?:-r|--requirement)[ =]?([\w./-]+\.txt)\b/g)]);
  return [...new Set(named.map(([, path = '']) => path.replace(/^(\.?\/)+/, '')))].filter((path) => tree.has(path));
}

function pyprojectOptions(tree: Tree, directory: string): Option[] {
  const manifest = readPyproject(tree, directory);
  if (manifest === undefined || manifest === 'broken') return [];
  const python = manifest.python === undefined ? [] : [{ value: manifest.python, from: manifest.path }];
  const base = {
    directory,
    files: [manifest.path],
    packages: manifest.packages,
    groups: manifest.groups,
    extras: manifest.extras,
    python,
  };
  if (manifest.poetry && !manifest.standard)
    return [option({ ...base, manager: 'poetry', rank: 62, why: `${manifest.path} [tool.poetry]` })];
  if (manifest.packages.size === 0) return [];
  const why = manifest.standard ? `${manifest.path} [project]` : `${manifest.path} [dependency-groups]`;
  return [option({ ...base, manager: manifest.standard ? 'pyproject' : 'uv', rank: 60, why })];
}

interface Evidence {
  readonly from: string;
  readonly text: string;
}

/** Files that install the project for production; those named after development are no evidence. */
function howItIsInstalled(tree: Tree): Evidence[] {
  const paths = tree
    .named(
      /^(.*[-_.])?(Dockerfile|Containerfile)([-_.].*)?$|^(heroku\.yml|build\.sh|render\.yaml|fly\.toml|nixpacks\.toml|app\.yaml)$/i,
    )
    .filter(
      (path) => !/(^|[-_./])(dev|develop|development|devcontainer|local|tests?|ci|docs?|frontend|node)([-_./]|$)/i.test(path),
    );
  return paths.slice(0, 20).flatMap((from) => {
    const text = tree.text(from);
    return text === undefined ? [] : [{ from, text }];
  });
}

const COMMAND: Readonly<Partial<Record<Option['manager'], RegExp>>> = {
  uv: /\buv (sync|pip sync)\b|uv\.lock/,
  poetry: /\bpoetry (install|sync|export)\b|poetry\.lock/,
  pdm: /\bpdm (sync|install|export)\b|pdm\.lock/,
  pipenv: /\bpipenv (sync|install|requirements)\b|Pipfile/,
  pyproject: /\bpip3? install [^\n&|]*\s\.(\[|\s|$)/,
};

function weigh(one: Option, steps: number, evidence: readonly Evidence[]): Option {
  const shown = evidence.find(({ text }) => mentions(one, text));
  const nameless = one.packages.size > 0 && !one.packages.has('django') && one.manager !== 'setup.py';
  const penalty = steps * STEP + (nameless && one.manager !== 'requirements' ? NO_DJANGO : 0);
  return {
    ...one,
    rank: one.rank - penalty + (shown === undefined ? 0 : 12),
    why: shown === undefined ? one.why : `${one.why}, which ${shown.from} installs`,
  };
}

function mentions(one: Option, text: string): boolean {
  if (one.manager !== 'requirements') return COMMAND[one.manager]?.test(text) ?? false;
  const [file = ''] = one.files;
  const parts = file.split('/');
  const tails = parts.map((_, at) => parts.slice(at).join('/')).filter((tail) => tail.includes('/') || parts.length === 1);
  const escaped = tails.map((tail) => tail.replaceAll(/[.+]/g, '\\$&'));
  return escaped.some((tail) => new RegExp(`(-r|--requirement)[ =]?\\S*${tail}`).test(text));
}
