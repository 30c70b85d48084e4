import { basename } from 'node:path';
import { quote } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { parsePython } from './python/parse.js';
import { join, parentOf, readTree, type Tree } from './tree.js';

/** A folder that looks like the top of a Django project. */
export interface Candidate {
  /** Relative to the root that was searched; '' for the root itself. */
  readonly directory: string;
  readonly managePy?: string;
  /** Why it is one. */
  readonly from: string;
}

const MAX_DEPTH = 4;
/** Places where a manage.py serves templates, tests or documentation, and not what is to be deployed. */
const ASIDE =
  /^(cookiecutter.*|.*\{\{.*|.*\{%.*|tests?|testing|testproject|test_project|docs?|site-packages|vendor|third_party)$/i;
const EXAMPLE = /^(examples?|samples?|demos?|example[-_]?project|demo[-_]?project)$/i;

const depth = (path: string): number => (path === '' ? 0 : path.split('/').length);

/** The Django projects in a tree, shallowest first; those in example folders only when there is nothing else. */
export async function findProjects(root: string): Promise<Candidate[]> {
  return candidatesIn(await readTree(root));
}

export function candidatesIn(tree: Tree): Candidate[] {
  const managed = tree.named('manage.py').filter((path) => isPlausible(path) && isManagePy(tree, path));
  const proper = managed.filter(
    (path) =>
      !parentOf(path)
        .split('/')
        .some((part) => EXAMPLE.test(part)),
  );
  const chosen = proper.length > 0 ? proper : managed;
  if (chosen.length > 0) {
    return chosen.map((path) => ({ directory: parentOf(path), managePy: path, from: path })).sort(byDepth);
  }
  return withoutManagePy(tree);
}

const byDepth = (a: Candidate, b: Candidate): number =>
  depth(a.directory) - depth(b.directory) || (a.directory < b.directory ? -1 : 1);

function isPlausible(path: string): boolean {
  const parts = parentOf(path).split('/');
  return parts.length <= MAX_DEPTH && !parts.some((part) => ASIDE.test(part));
}

const RUNS_DJANGO = /execute_from_command_line|DJANGO_SETTINGS_MODULE|call_command|ManagementUtility/;

/** It runs Django itself, or imports or runs a module of the project that does. */
function isManagePy(tree: Tree, path: string): boolean {
  const text = tree.text(path);
  if (text === undefined || text.includes('{{') || text.includes('{%')) return false;
  if (RUNS_DJANGO.test(text)) return true;
  const folder = parentOf(path);
  return importedFiles(path, text).some((file) => RUNS_DJANGO.test(tree.text(join(folder, file)) ?? ''));
}

/** Files that a script may mean by its imports and `runpy` calls, relative to its folder. */
export function importedFiles(path: string, text: string): string[] {
  const modules = new Set<string>();
  for (const stmt of parsePython(path, text).body) {
    if (stmt.kind === 'from' && stmt.level === 0) {
      modules.add(stmt.module);
      for (const name of stmt.names) modules.add(`${stmt.module}.${name.name}`);
    } else if (stmt.kind === 'import') for (const name of stmt.modules) modules.add(name.name);
  }
  for (const match of text.matchAll(/from ([\w.]+) import (\w+)|run_module\(\s*["']([\w.]+)["']/g)) {
    modules.add(match[3] ?? match[1] ?? '');
    if (match[2] !== undefined) modules.add(`${match[1]}.${match[2]}`);
  }
  const bases = [...modules].filter((name) => name !== '').map((name) => name.replaceAll('.', '/'));
  return bases.flatMap((base) => [`${base}.py`, `${base}/__init__.py`, `${base}/__main__.py`]);
}

/** Settings without a manage.py: run by a console script, or by `django-admin`. */
function withoutManagePy(tree: Tree): Candidate[] {
  const files = tree.files.filter(
    ({ path }) => /(^|\/)[\w]*settings(\.py$|\/[\w]+\.py$)/.test(path) && isPlausible(path) && !/(^|\/)tests?\b/.test(path),
  );
  const folders = new Map<string, string>();
  for (const { path } of files) {
    const text = tree.text(path) ?? '';
    if (!/^INSTALLED_APPS\b/m.test(text) || !/^ROOT_URLCONF\b/m.test(text) || text.includes('{{')) continue;
    const top = importRoot(tree, parentOf(path));
    if (!folders.has(top)) folders.set(top, path);
  }
  return [...folders].map(([directory, from]) => ({ directory, from })).sort(byDepth);
}

/** The folder that must be on `sys.path`: the first one upwards that is no package. */
function importRoot(tree: Tree, folder: string): string {
  let at = folder;
  while (at !== '' && tree.has(join(at, '__init__.py'))) at = parentOf(at);
  return at === folder && basename(folder) === 'settings' ? parentOf(folder) : at;
}

/** The one project a user means by a directory. Throws PROJECT_NONE or PROJECT_SEVERAL. */
export function theProject(tree: Tree): Candidate {
  const [first, ...others] = candidatesIn(tree);
  if (first === undefined) {
    throw new Failure('PROJECT_NONE', 'project', `No Django project in ${tree.root}`, {
      hint: 'Run slipway in the folder that holds manage.py, or name it: slipway up DIR',
      detail: `Looked for a manage.py that starts Django, ${MAX_DEPTH} folders deep (not in tests, docs, templates of projects, node_modules or virtual environments), and for settings that define INSTALLED_APPS and ROOT_URLCONF.`,
    });
  }
  const rivals = others.filter((other) => depth(other.directory) === depth(first.directory));
  if (rivals.length > 0) {
    const all = [first, ...rivals];
    throw new Failure('PROJECT_SEVERAL', 'project', `${all.length} Django projects in ${tree.root}: which one?`, {
      hint: `slipway up ${quote(first.directory)}`,
      detail: all.map((one) => `slipway up ${quote(one.directory)}    (${one.from})`).join('\n'),
    });
  }
  return first;
}
