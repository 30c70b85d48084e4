import type { Expr } from '../../python/ast.js';
import { within } from '../../python/walk.js';
import type { Access } from '../access.js';
import { evaluate, readingOf } from '../evaluate.js';
import type { Read } from '../outcome.js';
import { resolve } from '../resolve.js';
import type { BoundValue, Scope } from '../scope.js';
import { isValues, type Value } from '../value.js';
import type { Place, Reader } from './reader.js';

/** A name's value, and the variables it comes from. */
export function boundValue(reader: Reader, expr: Expr, scope: Scope): BoundValue {
  return { kind: 'value', value: evaluate(expr, scope, reader.modules), variables: variablesIn(reader, expr, scope) };
}

/** Environment variables that flow into an expression. */
export function variablesIn(reader: Reader, expr: Expr, scope: Scope): string[] {
  const names = [...within(expr)].flatMap((part) => {
    const access = readingOf(part, scope, reader.modules);
    const key = access === undefined ? undefined : keyOf(reader, access, scope, '');
    if (key !== undefined) return [key];
    const binding = part.kind === 'name' ? resolve(part, scope, reader.modules) : undefined;
    return binding?.kind === 'value' ? binding.variables : [];
  });
  return [...new Set(names)];
}

/** `DATABASES.default.NAME` for `DATABASES["default"]["NAME"]`; undefined for what is no setting. */
export function settingOf(reader: Reader, target: Expr): string | undefined {
  if (target.kind === 'name') return /^_?[A-Z][A-Z0-9_]*$/.test(target.name) ? target.name : undefined;
  if (target.kind === 'tuple') return target.items[0] === undefined ? undefined : settingOf(reader, target.items[0]);
  if (target.kind !== 'index') return undefined;
  const object = settingOf(reader, target.object);
  if (object === undefined) return undefined;
  return target.index.kind === 'string' ? `${object}.${target.index.value}` : object;
}

/** Adds to a list that is known so far. */
export function extendList(reader: Reader, name: string, value: Expr, scope: Scope, place: Place): void {
  const before = scope.names.get(name);
  const added = evaluate(value, scope, reader.modules);
  if (place.certainty === 'never' || before?.kind !== 'value' || !isValues(before.value) || !isValues(added)) return;
  const next: Value = [...before.value, ...added];
  scope.names.set(name, { ...before, value: next });
  const setting = reader.outcome.settings.get(name);
  if (setting !== undefined) reader.outcome.settings.set(name, { ...setting, value: next });
}

/** The name of the variable that is read; undefined when it is computed. */
export function keyOf(reader: Reader, access: Access, scope: Scope, prefix: string): string | undefined {
  const key = evaluate(access.key, scope, reader.modules);
  return typeof key === 'string' && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key) ? `${prefix}${access.prefix ?? ''}${key}` : undefined;
}

/** What is known of the variable that is read. */
export function readOf(reader: Reader, access: Access, scope: Scope): Read | undefined {
  const key = keyOf(reader, access, scope, '');
  return key === undefined ? undefined : reader.outcome.reads.get(key);
}
