import { at, isTable, parseToml, stringAt, stringsAt, type Table, tableAt, tablesAt } from '../toml.js';
import type { Packages } from './packages.js';
import { fromStrings } from './packages.js';
import { normalise } from './requirement.js';

/** What a lock file pins for production, and the Python it was made for (PEP 440). */
export interface Lock {
  readonly packages: Packages;
  readonly python?: string;
}

type Edges = ReadonlyMap<string, readonly string[]>;

/** Names reached from some roots. */
function closure(roots: readonly string[], edges: Edges): Set<string> {
  const seen = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(edges.get(name) ?? []));
  }
  return seen;
}

const pins = (entries: readonly Table[], keep: (name: string, entry: Table) => boolean): Packages =>
  new Map(
    entries.flatMap((entry) => {
      const name = normalise(stringAt(entry, 'name') ?? '');
      const version = stringAt(entry, 'version');
      return name !== '' && keep(name, entry) ? [[name, version === undefined ? '' : `==${version}`] as const] : [];
    }),
  );

const named = (entries: readonly Table[]): string[] => entries.map((entry) => normalise(stringAt(entry, 'name') ?? ''));

const lock = (packages: Packages, python: string | undefined): Lock =>
  python === undefined ? { packages } : { packages, python };

const isRoot = (entry: Table): boolean =>
  isTable(entry['source']) && ('virtual' in entry['source'] || 'editable' in entry['source']);

/** `uv.lock`: what the project itself and the named groups and extras reach. Undefined when it is no TOML. */
export function readUvLock(text: string, groups: readonly string[], extras: readonly string[]): Lock | undefined {
  const document = parseToml(text);
  if (document === undefined) return undefined;
  const entries = tablesAt(document, 'package');
  const edges = new Map<string, string[]>();
  const roots: string[] = [];
  for (const entry of entries) {
    const name = normalise(stringAt(entry, 'name') ?? '');
    const extra = isRoot(entry) ? extras : Object.keys(tableAt(entry, 'optional-dependencies'));
    const own = [
      ...named(tablesAt(entry, 'dependencies')),
      ...extra.flatMap((key) => named(tablesAt(entry, 'optional-dependencies', key))),
      ...(isRoot(entry) ? groups.flatMap((key) => named(tablesAt(entry, 'dev-dependencies', key))) : []),
    ];
    edges.set(name, [...(edges.get(name) ?? []), ...own]);
    if (isRoot(entry)) roots.push(name);
  }
  roots.push(...groups.flatMap((group) => named(tablesAt(document, 'manifest', 'dependency-groups', group))));
  const kept = closure(roots.length === 0 ? named(entries) : roots, edges);
  const packages = pins(entries, (name, entry) => kept.has(name) && !isRoot(entry));
  return lock(packages, stringAt(document, 'requires-python'));
}

/** `poetry.lock`, all formats: by `groups` (2.x), `category` (1.x), else by what `main` reaches. */
export function readPoetryLock(text: string, main: readonly string[]): Lock | undefined {
  const document = parseToml(text);
  if (document === undefined) return undefined;
  const entries = tablesAt(document, 'package');
  const edges = new Map(
    entries.map((entry) => [
      normalise(stringAt(entry, 'name') ?? ''),
      Object.keys(tableAt(entry, 'dependencies')).map(normalise),
    ]),
  );
  const reached = closure(main.map(normalise), edges);
  const packages = pins(entries, (name, entry) => {
    if (Array.isArray(entry['groups'])) return stringsAt(entry, 'groups').includes('main');
    const category = stringAt(entry, 'category');
    return category === undefined ? main.length === 0 || reached.has(name) : category === 'main';
  });
  return lock(packages, stringAt(document, 'metadata', 'python-versions'));
}

/** `pdm.lock`: by `groups` where the lock tells them. */
export function readPdmLock(text: string): Lock | undefined {
  const document = parseToml(text);
  if (document === undefined) return undefined;
  const packages = pins(tablesAt(document, 'package'), (_name, entry) => {
    const groups = stringsAt(entry, 'groups');
    return groups.length === 0 || groups.includes('default');
  });
  return lock(packages, stringAt(document, 'metadata', 'requires_python'));
}

/** `Pipfile.lock`: its `default` section. Undefined when it is no JSON. */
export function readPipfileLock(text: string): Lock | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const packages: Packages = new Map(
    Object.entries(tableAt(document, 'default')).map(([name, entry]) => [normalise(name), stringAt(entry, 'version') ?? '']),
  );
  const full = stringAt(document, '_meta', 'requires', 'python_full_version');
  const short = stringAt(document, '_meta', 'requires', 'python_version');
  return lock(packages, full !== undefined ? `==${full}` : short !== undefined ? `==${short}.*` : undefined);
}

/** Requirements in a list that may also hold `{include-group = "x"}` (PEP 735). */
export function groupRequirements(document: unknown, group: string, seen: readonly string[] = []): Packages {
  const items = at(document, 'dependency-groups', group);
  if (!Array.isArray(items) || seen.includes(group)) return new Map();
  const own = fromStrings(items.filter((item) => typeof item === 'string'));
  for (const item of items) {
    const included = stringAt(item, 'include-group');
    if (included === undefined) continue;
    for (const [name, specifier] of groupRequirements(document, included, [...seen, group])) own.set(name, specifier);
  }
  return own;
}
