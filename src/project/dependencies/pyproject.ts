import { at, parseToml, stringAt, stringsAt, type Table, tableAt } from '../toml.js';
import { join, type Tree } from '../tree.js';
import { fromPoetry } from '../version.js';
import { groupRequirements } from './locks.js';
import { fromStrings, merge, type Packages } from './packages.js';
import { normalise } from './requirement.js';

/** Groups and extras that a production install is meant to have. */
const PRODUCTION = /^(main|prod|production|deploy|deployment|server|live|heroku)$/i;

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
  const groups = Object.keys(tableAt(document, 'dependency-groups')).filter((name) => PRODUCTION.test(name));
  const extras = Object.keys(tableAt(document, 'project', 'optional-dependencies')).filter((name) => PRODUCTION.test(name));
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
      fromStrings(stringsAt(document, 'project', 'dependencies')),
      poetryPackages(tableAt(poetry, 'dependencies')),
      ...groups.map((group) => groupRequirements(document, group)),
      ...groups.map((group) => poetryPackages(tableAt(poetry, 'group', group, 'dependencies'))),
      ...extras.map((extra) => fromStrings(stringsAt(document, 'project', 'optional-dependencies', extra))),
    ),
    groups: [...groups, ...Object.keys(tableAt(poetry, 'group')).filter((group) => PRODUCTION.test(group))],
    extras,
    scripts: Object.keys(tableAt(document, 'project', 'scripts')).length > 0,
  };
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
