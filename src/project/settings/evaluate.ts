import type { VariableType } from '../../core/project.js';
import type { Expr } from '../python/ast.js';
import { type Access, accessOf } from './access.js';
import { external, type Modules, resolve } from './resolve.js';
import type { Binding, FunctionStmt, Scope } from './scope.js';
import { isMapping, isValues, truth, type Value } from './value.js';
import { applied, type Wrapper, wrapperOf } from './wrapper.js';

/** The environment access an expression is, directly or by a function of the project. */
export function readingOf(expr: Expr, scope: Scope, modules: Modules): Access | undefined {
  const direct = accessOf(expr, scope, modules);
  if (direct !== undefined || expr.kind !== 'call') return direct;
  const target = resolve(expr.callee, scope, modules);
  if (target?.kind !== 'function') return undefined;
  const wrapper = remembered(target, modules);
  return wrapper === undefined ? undefined : applied(wrapper, expr);
}

/** A function is looked into once, however often the settings call it. */
const wrappers = new WeakMap<FunctionStmt, { readonly wrapper: Wrapper | undefined }>();

function remembered(target: Extract<Binding, { kind: 'function' }>, modules: Modules): Wrapper | undefined {
  const known = wrappers.get(target.stmt);
  if (known !== undefined) return known.wrapper;
  const wrapper = wrapperOf(target.stmt, target.scope, modules);
  wrappers.set(target.stmt, { wrapper });
  return wrapper;
}

const MAX_DEPTH = 40;

/** What an expression comes to with no environment variable set. */
export function evaluate(expr: Expr, scope: Scope, modules: Modules, depth = 0): Value | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const go = (part: Expr): Value | undefined => evaluate(part, scope, modules, depth + 1);
  switch (expr.kind) {
    case 'string':
    case 'bool':
      return expr.value;
    case 'number':
      return Number(expr.value);
    case 'none':
      return null;
    case 'name':
    case 'member': {
      const binding = resolve(expr, scope, modules);
      return binding?.kind === 'value' ? binding.value : undefined;
    }
    case 'list':
    case 'tuple':
    case 'set':
      return expr.items.map(go);
    case 'dict':
      return new Map(
        expr.entries.flatMap((entry) => (entry.key.kind === 'string' ? [[entry.key.value, go(entry.value)] as const] : [])),
      );
    case 'bind':
      return go(expr.value);
    case 'not': {
      const operand = truth(go(expr.operand));
      return operand === undefined ? undefined : !operand;
    }
    case 'conditional': {
      const test = truth(go(expr.test));
      return test === undefined ? undefined : go(test ? expr.whenTrue : expr.whenFalse);
    }
    case 'fstring': {
      const parts = expr.parts.map((part) => (typeof part === 'string' ? part : go(part)));
      return parts.every((part) => typeof part === 'string' || typeof part === 'number') ? parts.join('') : undefined;
    }
    case 'binary':
      return binary(expr, scope, modules, go);
    case 'index':
    case 'call':
      return readingValue(expr, scope, modules, go);
    default:
      return undefined;
  }
}

type Go = (part: Expr) => Value | undefined;

function binary(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope, modules: Modules, go: Go): Value | undefined {
  if (readingOf(expr, scope, modules) !== undefined) return expr.operator === 'not in';
  const left = go(expr.left);
  if (expr.operator === 'and') return truth(left) === false ? left : truth(left) === true ? go(expr.right) : undefined;
  if (expr.operator === 'or') return truth(left) === true ? left : truth(left) === false ? go(expr.right) : undefined;
  return operate(expr.operator, left, go(expr.right));
}

function operate(operator: string, left: Value | undefined, right: Value | undefined): Value | undefined {
  if (operator === '+') {
    if (isValues(left) || isValues(right)) return [...(isValues(left) ? left : []), ...(isValues(right) ? right : [])];
    return typeof left === 'string' && typeof right === 'string' ? left + right : undefined;
  }
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case '==':
    case 'is':
      return isPlain(left) && isPlain(right) ? left === right : undefined;
    case '!=':
    case 'is not':
      return isPlain(left) && isPlain(right) ? left !== right : undefined;
    case 'in':
      return contains(right, left);
    case 'not in': {
      const inside = contains(right, left);
      return inside === undefined ? undefined : !inside;
    }
    default:
      return undefined;
  }
}

const isPlain = (value: Value): boolean => value === null || typeof value !== 'object';

function contains(container: Value, item: Value): boolean | undefined {
  if (isMapping(container)) return typeof item === 'string' ? container.has(item) : undefined;
  if (typeof container === 'string') return typeof item === 'string' ? container.includes(item) : undefined;
  if (!isValues(container)) return undefined;
  return container.includes(item) ? true : container.includes(undefined) ? undefined : false;
}

/** A variable's default, as its type makes it; methods of plain strings. */
function readingValue(
  expr: Extract<Expr, { kind: 'index' | 'call' }>,
  scope: Scope,
  modules: Modules,
  go: Go,
): Value | undefined {
  const access = readingOf(expr, scope, modules);
  if (access !== undefined) {
    const value =
      access.fallback === undefined ? (access.absent === 'none' ? null : undefined) : cast(access.type, go(access.fallback));
    return value === null && access.indirect === true ? unset(access.type) : value;
  }
  if (expr.kind === 'index') return item(go(expr.object), go(expr.index));
  return method(expr, go) ?? builtin(expr, scope, modules, go);
}

function item(object: Value | undefined, index: Value | undefined): Value | undefined {
  if (isMapping(object)) return typeof index === 'string' ? object.get(index) : undefined;
  return isValues(object) && typeof index === 'number' ? object.at(index) : undefined;
}

const FALSE_WORDS = new Set(['', '0', 'false', 'no', 'off', 'n', 'f', 'none']);

/** What functions of the project make of an unset variable. */
function unset(type: VariableType): Value | undefined {
  if (type === 'bool') return false;
  if (type === 'list') return [];
  return type === 'string' || type === 'url' ? null : undefined;
}

/** What a string default becomes where a type is asked for. */
function cast(type: VariableType, value: Value | undefined): Value | undefined {
  if (typeof value !== 'string') return type === 'bool' && typeof value === 'number' ? value !== 0 : value;
  if (type === 'bool') return !FALSE_WORDS.has(value.toLowerCase());
  if (type === 'int') return Number.isNaN(Number(value)) ? undefined : Number(value);
  if (type === 'list') return value === '' ? [] : value.split(',');
  return type === 'string' || type === 'url' || type === 'path' ? value : undefined;
}

function method(expr: Extract<Expr, { kind: 'call' }>, go: Go): Value | undefined {
  if (expr.callee.kind !== 'member') return undefined;
  const object = go(expr.callee.object);
  if (typeof object !== 'string') return undefined;
  const [first] = expr.args.map(go);
  switch (expr.callee.name) {
    case 'lower':
      return object.toLowerCase();
    case 'upper':
      return object.toUpperCase();
    case 'strip':
      return object.trim();
    case 'startswith':
      return typeof first === 'string' ? object.startsWith(first) : undefined;
    case 'endswith':
      return typeof first === 'string' ? object.endsWith(first) : undefined;
    case 'split':
      return typeof first === 'string' && first !== '' ? object.split(first) : object.split(/\s+/).filter((part) => part !== '');
    default:
      return undefined;
  }
}

function builtin(expr: Extract<Expr, { kind: 'call' }>, scope: Scope, modules: Modules, go: Go): Value | undefined {
  if (external(expr.callee, scope, modules) !== undefined || expr.callee.kind !== 'name') return undefined;
  if (resolve(expr.callee, scope, modules) !== undefined) return undefined;
  const [first] = expr.args.map(go);
  if (first === undefined) return undefined;
  switch (expr.callee.name) {
    case 'bool':
      return truth(first);
    case 'int':
      return cast('int', first);
    case 'str':
      return isPlain(first) && first !== null ? String(first) : undefined;
    case 'list':
    case 'tuple':
    case 'set':
      return isValues(first) ? first : undefined;
    default:
      return undefined;
  }
}
