import type { VariableType } from '../../core/project.js';
import type { Expr, Stmt } from '../python/ast.js';
import { dotted } from '../python/walk.js';
import type { Access } from './access.js';
import { external, type Modules } from './resolve.js';
import type { ClassStmt, Scope } from './scope.js';

export interface ClassRead {
  readonly access: Access;
  readonly key: string;
  readonly setting: string;
  readonly line: number;
}

export interface ClassBody {
  /** `fields`: all of it is readings. */
  readonly kind: 'fields' | 'code';
  readonly reads: readonly ClassRead[];
}

/** Environment variables that a class reads by what it declares: django-configurations values, pydantic settings. */
export function classBody(stmt: ClassStmt, scope: Scope, modules: Modules): ClassBody {
  if (stmt.bases.some((base) => /(^|\.)BaseSettings$/.test(dotted(base) ?? ''))) return { kind: 'fields', reads: pydantic(stmt) };
  return { kind: 'code', reads: stmt.body.flatMap((one) => configured(one, scope, modules)) };
}

const keyword = (call: Extract<Expr, { kind: 'call' }>, name: string): Expr | undefined =>
  call.keywords.find((one) => one.name === name)?.value;

const VALUE_TYPES: readonly (readonly [RegExp, VariableType])[] = [
  [/^Boolean/, 'bool'],
  [/^(Integer|PositiveInteger|Float|Decimal)/, 'int'],
  [/^(List|Tuple|Set|Backends|SingleNested)/, 'list'],
  [/^(Path)/, 'path'],
  [/^(URL|DatabaseURL|CacheURL|EmailURL|SearchURL)/, 'url'],
  [/^Dict/, 'json'],
];

/** URL values read the platform's usual name, without the prefix. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  DatabaseURLValue: 'DATABASE_URL',
  CacheURLValue: 'CACHE_URL',
  EmailURLValue: 'EMAIL_URL',
  SearchURLValue: 'SEARCH_URL',
};

/** `DEBUG = values.BooleanValue(False)`: https://django-configurations.readthedocs.io/en/stable/values/ */
function configured(stmt: Stmt, scope: Scope, modules: Modules): ClassRead[] {
  if (stmt.kind !== 'assign' || stmt.value.kind !== 'call') return [];
  const [target] = stmt.targets;
  const name = external(stmt.value.callee, scope, modules);
  const kind = /^configurations\.values\.(\w+)$/.exec(name ?? '')?.[1];
  if (kind === undefined || target?.kind !== 'name') return [];
  const call = stmt.value;
  const own = keyword(call, 'environ_name');
  const prefix = keyword(call, 'environ_prefix');
  const lead = prefix?.kind === 'string' ? `${prefix.value}_` : prefix?.kind === 'none' ? '' : 'DJANGO_';
  const preset = OWN_NAMES[kind];
  const key = own?.kind === 'string' ? `${preset === undefined ? lead : ''}${own.value}` : (preset ?? `${lead}${target.name}`);
  const needed = keyword(call, 'environ_required');
  const fallback = call.args[0] ?? keyword(call, 'default');
  const required = kind === 'SecretValue' || (needed?.kind === 'bool' && needed.value);
  const type = VALUE_TYPES.find(([pattern]) => pattern.test(kind))?.[1] ?? 'string';
  const access: Access = {
    key: { kind: 'string', value: key, line: stmt.line },
    type,
    absent: required ? 'raises' : 'none',
    ...(type === 'list' ? { separator: ',' } : {}),
    ...(fallback === undefined || required ? {} : { fallback }),
  };
  return [{ access, key, setting: target.name, line: stmt.line }];
}

function fieldType(annotation: string): VariableType {
  if (/\bbool\b/.test(annotation)) return 'bool';
  if (/\b(int|float)\b/.test(annotation)) return 'int';
  if (/\b(list|set|tuple|dict|List|Dict)\b/.test(annotation)) return 'json';
  if (/Url|Dsn/.test(annotation)) return 'url';
  return /Path/.test(annotation) ? 'path' : 'string';
}

/** Fields of a pydantic `BaseSettings`: https://docs.pydantic.dev/latest/concepts/pydantic_settings/ */
function pydantic(stmt: ClassStmt): ClassRead[] {
  const prefix = pydanticPrefix(stmt);
  return stmt.body.flatMap((one): ClassRead[] => {
    if (one.kind === 'declare') return [field(one.name, prefix, one.annotation, undefined, one.line)];
    const [target] = one.kind === 'assign' ? one.targets : [];
    if (one.kind !== 'assign' || target?.kind !== 'name' || one.annotation === undefined) return [];
    return [field(target.name, prefix, one.annotation, one.value, one.line)];
  });
}

function field(name: string, prefix: string, annotation: string, value: Expr | undefined, line: number): ClassRead {
  const key = `${prefix}${name}`.toUpperCase();
  const isCall = value?.kind === 'call' && dotted(value.callee) === 'Field';
  const fallback = isCall ? (value.args[0] ?? keyword(value, 'default') ?? keyword(value, 'default_factory')) : value;
  const required = fallback === undefined || (fallback.kind === 'other' && fallback.text === '...');
  return {
    access: {
      key: { kind: 'string', value: key, line },
      type: fieldType(annotation),
      absent: required ? 'raises' : 'none',
      ...(fallback === undefined || required ? {} : { fallback }),
    },
    key,
    setting: name.toUpperCase(),
    line,
  };
}

function pydanticPrefix(stmt: ClassStmt): string {
  for (const one of stmt.body) {
    if (one.kind === 'assign' && one.value.kind === 'call') {
      const prefix = keyword(one.value, 'env_prefix');
      if (prefix?.kind === 'string') return prefix.value;
    }
    if (one.kind !== 'class') continue;
    for (const inner of one.body) {
      if (inner.kind === 'assign' && inner.targets.some((target) => target.kind === 'name' && target.name === 'env_prefix')) {
        return inner.value.kind === 'string' ? inner.value.value : '';
      }
    }
  }
  return '';
}
