import type { VariableType } from '../../core/project.js';
import type { Expr, Stmt } from '../python/ast.js';
import { allExpressions, allStatements, bodyOf, dotted, within } from '../python/walk.js';
import { type Access, accessOf } from './access.js';
import type { Modules } from './resolve.js';
import type { FunctionStmt, Scope } from './scope.js';

/** A function of the project that reads the variable whose name it is given. */
export interface Wrapper {
  readonly parameters: FunctionStmt['parameters'];
  /** Name of the parameter that holds the variable's name. */
  readonly key: string;
  readonly prefix: string;
  readonly type: VariableType;
  readonly separator?: string;
  /** Name of the parameter that holds the default. */
  readonly fallback?: string;
  /** Default the function has by itself. */
  readonly own?: Expr;
  /** `required=True` and its like. */
  readonly requiredBy?: string;
  readonly absent: 'raises' | 'none';
}

interface Key {
  readonly parameter: string;
  readonly prefix: string;
}

/** `name`, `"APP_" + name`, `f"APP_{name}"`; upper-casing changes nothing that matters here. */
function keyParameter(expr: Expr, parameters: ReadonlySet<string>): Key | undefined {
  if (expr.kind === 'name') return parameters.has(expr.name) ? { parameter: expr.name, prefix: '' } : undefined;
  if (expr.kind === 'call' && expr.callee.kind === 'member' && expr.callee.name === 'upper') {
    return keyParameter(expr.callee.object, parameters);
  }
  if (expr.kind === 'binary' && expr.operator === '+' && expr.left.kind === 'string') {
    const inner = keyParameter(expr.right, parameters);
    return inner === undefined ? undefined : { ...inner, prefix: expr.left.value + inner.prefix };
  }
  if (expr.kind !== 'fstring') return undefined;
  const [head, last] = expr.parts.length === 1 ? ['', expr.parts[0]] : expr.parts;
  if (typeof head !== 'string' || last === undefined || typeof last === 'string' || expr.parts.length > 2) return undefined;
  const inner = keyParameter(last, parameters);
  return inner === undefined ? undefined : { ...inner, prefix: head + inner.prefix };
}

const FALLBACK = /^(default|fallback|alternative|otherwise|d|dflt|default_value|defaults?|def_value)$/i;
const REQUIRED = /^(required|mandatory|raise_error|raise_exception|strict|is_required)$/i;

/** How a function reads the environment for its caller, if it does. */
export function wrapperOf(stmt: FunctionStmt, scope: Scope, modules: Modules, depth = 0): Wrapper | undefined {
  const names = new Set(stmt.parameters.map((parameter) => parameter.name));
  if (names.size === 0) return undefined;
  const found: { readonly access: Access; readonly key: Key }[] = [];
  for (const expr of allExpressions(stmt.body)) {
    const access =
      accessOf(expr, { path: scope.path, names: new Map(), outer: scope }, modules) ??
      viaWrapper(expr, names, scope, modules, depth);
    const key = access === undefined ? undefined : keyParameter(access.key, names);
    if (access !== undefined && key !== undefined) found.push({ access, key });
  }
  const [first] = found;
  if (first === undefined) return undefined;
  const given = found.map(({ access }) => access.fallback).find((expr) => expr !== undefined);
  const fallback =
    (given?.kind === 'name' && names.has(given.name) ? given.name : undefined) ??
    namedLike(stmt, FALLBACK) ??
    returned(stmt, first.key.parameter);
  const requiredBy = namedLike(stmt, REQUIRED);
  const raises =
    raisesWithout(stmt, requiredBy) ||
    (fallback === undefined && found.every(({ access }) => access.absent === 'raises') && !guards(stmt));
  const kind = typeOf(stmt, first.access);
  return {
    parameters: stmt.parameters,
    key: first.key.parameter,
    prefix: first.key.prefix,
    ...kind,
    ...(fallback === undefined ? {} : { fallback }),
    ...(given !== undefined && given.kind !== 'name' && given.kind !== 'none' ? { own: given } : {}),
    ...(requiredBy === undefined ? {} : { requiredBy }),
    absent: raises ? 'raises' : 'none',
  };
}

/** How many wrappers may call one another: two that call each other must end. */
const MAX_DEPTH = 3;

/** One wrapper may call another. */
function viaWrapper(expr: Expr, names: ReadonlySet<string>, scope: Scope, modules: Modules, depth: number): Access | undefined {
  if (expr.kind !== 'call' || expr.callee.kind !== 'name' || names.has(expr.callee.name)) return undefined;
  const target = scope.names.get(expr.callee.name);
  if (target?.kind !== 'function' || depth >= MAX_DEPTH) return undefined;
  const inner = wrapperOf(target.stmt, target.scope, modules, depth + 1);
  return inner === undefined ? undefined : applied(inner, expr);
}

const namedLike = (stmt: FunctionStmt, pattern: RegExp): string | undefined =>
  stmt.parameters.find((parameter) => pattern.test(parameter.name))?.name;

/** A parameter that is returned as it came in is the default. */
function returned(stmt: FunctionStmt, key: string): string | undefined {
  const names = new Set(stmt.parameters.map((parameter) => parameter.name).filter((name) => name !== key));
  for (const inner of allStatements(stmt.body)) {
    const [value] = inner.kind === 'return' ? inner.values : [];
    if (value?.kind === 'name' && names.has(value.name)) return value.name;
  }
  return undefined;
}

const guards = (stmt: FunctionStmt): boolean =>
  [...allStatements(stmt.body)].some((inner) => inner.kind === 'try' || (inner.kind === 'if' && inner.branches.length > 0));

/** Raises when the value is missing: in the handler of a KeyError, or where a plain name is None or empty. */
function raisesWithout(stmt: FunctionStmt, requiredBy: string | undefined): boolean {
  return [...allStatements(stmt.body)].some((inner) => {
    if (inner.kind === 'try') {
      return inner.handlers.some((handler) => handler.caught.includes('KeyError') && raisesIn(handler.body));
    }
    if (inner.kind !== 'if') return false;
    return inner.branches.some((branch) => raisesIn(branch.body) && isAbsence(branch.test) && !mentions(branch.test, requiredBy));
  });
}

const raisesIn = (body: readonly Stmt[]): boolean => body.some((stmt) => stmt.kind === 'raise' || raisesIn(bodyOf(stmt)));

const mentions = (expr: Expr, name: string | undefined): boolean =>
  name !== undefined && [...within(expr)].some((part) => part.kind === 'name' && part.name === name);

function isAbsence(test: Expr): boolean {
  if (test.kind === 'not') return test.operand.kind === 'name';
  if (test.kind === 'binary' && (test.operator === 'is' || test.operator === '=='))
    return test.left.kind === 'name' && test.right.kind === 'none';
  return test.kind === 'binary' && test.operator === 'and' && (isAbsence(test.left) || isAbsence(test.right));
}

const TRUE_WORDS = /^(true|yes|on|1|y|t)$/i;

function typeOf(stmt: FunctionStmt, access: Access): { type: VariableType; separator?: string } {
  if (access.type !== 'string')
    return { type: access.type, ...(access.separator === undefined ? {} : { separator: access.separator }) };
  const inside = [...allExpressions(stmt.body)];
  const calls = inside.filter((expr) => expr.kind === 'call');
  const split = calls.find((call) => call.callee.kind === 'member' && call.callee.name === 'split');
  if (/list|array|csv|set_from|tuple/i.test(stmt.name) || (split !== undefined && !/url/i.test(stmt.name))) {
    const [by] = split?.args ?? [];
    return { type: 'list', separator: by?.kind === 'string' ? by.value : split !== undefined && by === undefined ? ' ' : ',' };
  }
  const callees = calls.map((call) => dotted(call.callee) ?? '');
  if (/bool|flag/i.test(stmt.name)) return { type: 'bool' };
  if (/int|float|number/i.test(stmt.name) || callees.includes('int')) return { type: 'int' };
  if (/json/i.test(stmt.name) || callees.includes('json.loads')) return { type: 'json' };
  if (/path/i.test(stmt.name) || callees.some((name) => /(^|\.)Path$/.test(name) && /path|dir/i.test(stmt.name)))
    return { type: 'path' };
  return { type: inside.some((expr) => expr.kind === 'string' && TRUE_WORDS.test(expr.value)) ? 'bool' : 'string' };
}

/** What a call of the wrapper reads. */
export function applied(wrapper: Wrapper, call: Extract<Expr, { kind: 'call' }>): Access | undefined {
  const argument = (name: string | undefined): Expr | undefined => {
    if (name === undefined) return undefined;
    const own = wrapper.parameters.filter((parameter, at) => at > 0 || !/^(self|cls)$/.test(parameter.name));
    const at = own.findIndex((parameter) => parameter.name === name);
    return call.args[at] ?? call.keywords.find((keyword) => keyword.name === name)?.value;
  };
  const key = argument(wrapper.key);
  if (key === undefined) return undefined;
  const declared = wrapper.parameters.find((parameter) => parameter.name === wrapper.fallback)?.fallback;
  const required = argument(wrapper.requiredBy);
  const asked = required?.kind === 'bool' && required.value;
  const given = argument(wrapper.fallback);
  const fallback = given ?? (declared?.kind === 'name' ? undefined : declared) ?? wrapper.own;
  const missing = fallback === undefined || (fallback.kind === 'none' && wrapper.absent === 'raises');
  return {
    key,
    type: wrapper.type,
    indirect: true,
    absent: asked || wrapper.absent === 'raises' ? 'raises' : 'none',
    ...(wrapper.separator === undefined ? {} : { separator: wrapper.separator }),
    ...(wrapper.prefix === '' ? {} : { prefix: wrapper.prefix }),
    ...(missing || asked ? {} : { fallback }),
  };
}
