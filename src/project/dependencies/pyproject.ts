import { at, parseToml, stringAt, stringsAt, type Table, tableAt } from '../toml.js';
import { join, type Tree } from '../tree.js';
import { fromPoetry } from '../version.js';
import { groupRequirements } from './locks.js';
import { fromStrings, merge, type Packages } from './packages.js';
import { normalise } from './requirement.js';

/** Groups and extras that a production install is meant to have. */
const PRODUCTION = /^(main|prod|production|deploy|deployment|server|live|heroku)$/i;

const ASIDE = /(^|[-_.])(dev|develop|development|tests?|testing|ci|lint|docs?|typing|types?|debug)([-_.]|$)/i;

/** What a pyproject.toml says about dependencies. */
export interface Pyproject {
  readonly path: string;
  readonly document: Table;
  readonly name?: string;
  /** Has a `[project]` table. */
  readonly standard: boolean;
  readonly poetry: boolean;
  readonly pdm: boolean;
  readonly buildSystem: boolean;
  readonly dynamic: readonly string[];
  readonly python?: string;
  readonly packages: Packages;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  readonly scripts: boolean;
}

/** Reads the pyproject.toml of a folder; `'broken'` when it is no TOML. */
export function readPyproject(tree: Tree, directory: string): Pyproject | 'broken' | undefined {
  const path = join(directory, 'pyproject.toml');
  const text = tree.text(path);
  if (text === undefined) return undefined;
  const document = parseToml(text);
  if (document === undefined) return 'broken';
  const poetry = tableAt(document, 'tool', 'poetry');
  const { groups, extras } = production(document);
  const name = stringAt(document, 'project', 'name') ?? stringAt(poetry, 'name');
  const python = pythonOf(document);
  return {
    path,
    document,
    ...(name === undefined ? {} : { name }),
    standard: at(document, 'project') !== undefined,
    poetry: Object.keys(poetry).length > 0,
    pdm: at(document, 'tool', 'pdm') !== undefined,
    buildSystem: at(document, 'build-system') !== undefined,
    dynamic: stringsAt(document, 'project', 'dynamic'),
    ...(python === undefined ? {} : { python }),
    packages: merge(
      ownPackages(document),
      ...groups.map((group) => inGroup(document, group)),
      ...extras.map((extra) => inExtra(document, extra)),
    ),
    groups,
    extras,
    scripts: Object.keys(tableAt(document, 'project', 'scripts')).length > 0,
  };
}

const ownPackages = (document: Table): Packages =>
  merge(
    fromStrings(stringsAt(document, 'project', 'dependencies')),
    poetryPackages(tableAt(document, 'tool', 'poetry', 'dependencies')),
  );

const inGroup = (document: Table, group: string): Packages =>
  merge(groupRequirements(document, group), poetryPackages(tableAt(document, 'tool', 'poetry', 'group', group, 'dependencies')));

const inExtra = (document: Table, extra: string): Packages =>
  fromStrings(stringsAt(document, 'project', 'optional-dependencies', extra));

/** The groups and extras that are named for production, and where Django itself is in neither these nor the project's own list, the first that brings it. */
function production(document: Table): { readonly groups: readonly string[]; readonly extras: readonly string[] } {
  const named = [
    ...Object.keys(tableAt(document, 'dependency-groups')),
    ...Object.keys(tableAt(document, 'tool', 'poetry', 'group')),
  ];
  const optional = Object.keys(tableAt(document, 'project', 'optional-dependencies'));
  const groups = named.filter((name) => PRODUCTION.test(name));
  const extras = optional.filter((name) => PRODUCTION.test(name));
  const known = merge(
    ownPackages(document),
    ...groups.map((group) => inGroup(document, group)),
    ...extras.map((extra) => inExtra(document, extra)),
  );
  if (known.has('django')) return { groups, extras };
  const group = named.find((name) => !ASIDE.test(name) && inGroup(document, name).has('django'));
  if (group !== undefined) return { groups: [...groups, group], extras };
  const extra = optional.find((name) => !ASIDE.test(name) && inExtra(document, name).has('django'));
  return { groups, extras: extra === undefined ? extras : [...extras, extra] };
}

function pythonOf(document: Table): string | undefined {
  const standard = stringAt(document, 'project', 'requires-python');
  if (standard !== undefined) return standard.replaceAll(/\s+/g, '');
  const poetry = stringAt(document, 'tool', 'poetry', 'dependencies', 'python');
  return poetry === undefined ? undefined : fromPoetry(poetry);
}

/** Poetry's own table: name = "^1.0", or name = {version = "^1.0", optional = true}. */
function poetryPackages(table: Table): Packages {
  const packages: Packages = new Map();
  for (const [name, wanted] of Object.entries(table)) {
    if (name === 'python' || at(wanted, 'optional') === true) continue;
    const version = typeof wanted === 'string' ? wanted : stringAt(wanted, 'version');
    packages.set(normalise(name), version === undefined ? '' : (fromPoetry(version) ?? ''));
  }
  return packages;
}
