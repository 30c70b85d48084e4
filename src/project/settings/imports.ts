import type { VariableType } from '../../core/project.js';
import type { Expr, ImportedName, Stmt } from '../python/ast.js';
import type { Sources } from '../sources.js';
import { STANDARD_LIBRARY } from '../standard-library.js';
import { join } from '../tree.js';
import { external, type Modules, resolve } from './resolve.js';
import type { Binding, SchemeEntry, Scope } from './scope.js';

type ImportStmt = Extract<Stmt, { kind: 'import' | 'from' }>;

export interface Imported {
  /** Names that stand for something outside the project, or for a module of it. */
  readonly names: readonly (readonly [string, Binding])[];
  /** Files of the project to read, with the names wanted from them. */
  readonly files: readonly { readonly file: string; readonly names: readonly ImportedName[] }[];
  readonly outside: readonly string[];
  /** Modules that should be in the tree and are not. */
  readonly absent: readonly string[];
}

/** Names that people give to modules which they keep out of version control. */
const PRIVATE =
  /(^|_)(local|secrets?|private|credentials?|passwords?|keys|custom)(_|$)|^(.*_)?(settings|configuration)(_.*)?$|settings_local/i;

const isAbsentOwn = (sources: Sources, module: string): boolean => {
  const [top = ''] = module.split('.');
  if (STANDARD_LIBRARY.has(top)) return false;
  return sources.hasModule(top) ? module.includes('.') || !sources.hasModule(module) : PRIVATE.test(top) && !module.includes('.');
};

/** What an import statement brings into a file. */
export function importBinding(sources: Sources, path: string, stmt: ImportStmt): Imported {
  return stmt.kind === 'import' ? plainImport(sources, stmt.modules) : fromImport(sources, path, stmt);
}

function plainImport(sources: Sources, modules: readonly ImportedName[]): Imported {
  const names: [string, Binding][] = [];
  const files: { file: string; names: ImportedName[] }[] = [];
  const outside: string[] = [];
  const absent: string[] = [];
  for (const { name, as } of modules) {
    const file = sources.fileOf(name);
    const bound = as === name ? (name.split('.')[0] ?? name) : as;
    if (file !== undefined) {
      files.push({ file, names: [] });
      names.push([as === name && name.includes('.') ? bound : as, { kind: 'module', path: sources.fileOf(bound) ?? file }]);
    } else if (isAbsentOwn(sources, name)) absent.push(name);
    else {
      outside.push(name);
      names.push([bound, { kind: 'external', name: as === name ? bound : name }]);
    }
  }
  return { names, files, outside, absent };
}

function fromImport(sources: Sources, path: string, stmt: Extract<Stmt, { kind: 'from' }>): Imported {
  const module = sources.absolute(path, stmt.level, stmt.module);
  if (module === undefined) return { names: [], files: [], outside: [], absent: [] };
  const names: [string, Binding][] = [];
  const files: { file: string; names: ImportedName[] }[] = [];
  const absent: string[] = [];
  const own = module === '' ? undefined : sources.fileOf(module);
  const known = own !== undefined || (module !== '' && sources.hasModule(module));
  const values: ImportedName[] = [];
  for (const one of stmt.names) {
    const submodule = sources.fileOf(module === '' ? one.name : `${module}.${one.name}`);
    if (submodule === undefined) values.push(one);
    else {
      files.push({ file: submodule, names: [] });
      names.push([one.as, { kind: 'module', path: submodule }]);
    }
  }
  if (own !== undefined) {
    files.unshift({ file: own, names: values });
    return { names, files, outside: [], absent };
  }
  if (known) return { names, files, outside: [], absent: values.map((one) => `${module}.${one.name}`) };
  if (stmt.level > 0 || isAbsentOwn(sources, module)) return { names, files, outside: [], absent: module === '' ? [] : [module] };
  for (const one of stmt.names) names.push([one.as, { kind: 'external', name: `${module}.${one.name}` }]);
  return { names, files, outside: [module], absent };
}

/** Names a star import takes: all that do not start with an underscore. */
export const starNames = (scope: Scope): [string, Binding][] => [...scope.names].filter(([name]) => !name.startsWith('_'));

/** The file a missing module would be. */
export function missingPath(sources: Sources, module: string): string {
  const parts = module.split('.');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const head = parts.slice(0, length).join('/');
    const folder = sources.searchPath.map((path) => join(path, head)).find((path) => sources.tree.hasFolder(path));
    if (folder !== undefined) return join(folder, `${parts.slice(length).join('/')}.py`);
  }
  return join(sources.searchPath[0] ?? '', `${parts.join('/')}.py`);
}

const ENV_CLASSES = /^(environ\.(Env|FileAwareEnv)|environs\.(Env|FileAwareEnv))$/;
const CONFIG_CLASSES = /^(decouple\.(Config|AutoConfig)|starlette\.config\.Config)$/;

/** What a name is bound to by an assignment, where it is more than a value. */
export function bindingOf(expr: Expr, scope: Scope, modules: Modules): Binding | undefined {
  const named = resolve(expr, scope, modules);
  if (named !== undefined && named.kind !== 'value') return named;
  if (expr.kind === 'dict') return overlay(expr, scope, modules);
  if (expr.kind !== 'call') return undefined;
  const callee = external(expr.callee, scope, modules) ?? '';
  if (ENV_CLASSES.test(callee))
    return { kind: 'env', library: /^environs\b/.test(callee) ? 'environs' : 'environ', scheme: scheme(expr) };
  if (CONFIG_CLASSES.test(callee)) return { kind: 'external', name: '@config' };
  if (callee === 'os.environ.copy') return { kind: 'external', name: 'os.environ' };
  return undefined;
}

/** `{**defaults, **os.environ}` */
function overlay(expr: Extract<Expr, { kind: 'dict' }>, scope: Scope, modules: Modules): Binding | undefined {
  const isEnvironment = (part: Expr): boolean => external(part, scope, modules) === 'os.environ';
  if (!expr.spread.some(isEnvironment)) return undefined;
  const dicts = [expr, ...expr.spread].filter((part) => part.kind === 'dict');
  const entries = dicts.flatMap((part) =>
    part.entries.flatMap(({ key, value }) => (key.kind === 'string' ? [[key.value, value] as const] : [])),
  );
  return { kind: 'overlay', defaults: new Map(entries) };
}

const TYPES: Readonly<Record<string, VariableType>> = {
  bool: 'bool',
  int: 'int',
  float: 'int',
  list: 'list',
  tuple: 'list',
  json: 'json',
};

/** `Env(DEBUG=(bool, False), NAME=str)` */
function scheme(call: Extract<Expr, { kind: 'call' }>): Map<string, SchemeEntry> {
  return new Map(
    call.keywords.map(({ name, value }) => {
      const [type, fallback] = value.kind === 'tuple' ? value.items : [value];
      const known = type?.kind === 'list' ? 'list' : type?.kind === 'name' ? (TYPES[type.name] ?? 'string') : 'string';
      return [name, fallback === undefined ? { type: known } : { type: known, fallback }];
    }),
  );
}
