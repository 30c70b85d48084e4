import type { Expr } from '../../python/ast.js';
import type { Access } from '../access.js';
import { evaluate, readingOf } from '../evaluate.js';
import type { Read } from '../outcome.js';
import type { Scope } from '../scope.js';
import { isValues, type Value } from '../value.js';
import { keyOf, variablesIn } from './names.js';
import type { Place, Reader } from './reader.js';

/** Enters a reading, or adds what it tells to what is known of the variable. */
export function noteRead(reader: Reader, access: Access, scope: Scope, line: number, place: Place, given?: string): void {
  const name = given ?? keyOf(reader, access, scope, place.prefix);
  if (name === undefined) return;
  const required = access.absent === 'raises' && access.fallback === undefined && place.certainty === 'sure' && !place.guarded;
  const fallback = access.fallback === undefined ? undefined : defaultText(evaluate(access.fallback, scope, reader.modules));
  const setting = place.setting === undefined || place.setting === '' ? [] : [place.setting];
  const known = reader.outcome.reads.get(name);
  if (known === undefined) {
    const read: Read = { name, from: `${scope.path}:${line}`, required, type: access.type, settings: setting };
    if (fallback !== undefined) read.fallback = fallback;
    if (access.separator !== undefined) read.separator = access.separator;
    reader.outcome.reads.set(name, read);
    return;
  }
  known.required ||= required;
  if (required) delete known.fallback;
  if (fallback !== undefined && place.certainty !== 'never') known.fallback ??= fallback;
  if (known.type === 'string' && access.type !== 'string') {
    known.type = access.type;
    if (access.separator !== undefined) known.separator = access.separator;
  }
  for (const one of setting) if (!known.settings.includes(one)) known.settings.push(one);
}

/** Variables without which something raises. */
export function requireVariables(reader: Reader, names: readonly string[], place: Place): void {
  if (place.certainty === 'never' || place.guarded) return;
  for (const name of names) {
    const read = reader.outcome.reads.get(name);
    if (read !== undefined && read.fallback === undefined) read.required = true;
  }
}

/** None here would stop the settings. */
export function needsValue(reader: Reader, expr: Expr, scope: Scope, place: Place): void {
  if (place.certainty !== 'sure' || place.guarded) return;
  if (evaluate(expr, scope, reader.modules) !== null) return;
  noteInner(reader, expr, scope, place);
  for (const name of variablesIn(reader, expr, scope)) {
    const read = reader.outcome.reads.get(name);
    if (read !== undefined) read.required = true;
  }
}

/** The reading itself is noted first, so that there is something to call required. */
function noteInner(reader: Reader, expr: Expr, scope: Scope, place: Place): void {
  const access = readingOf(expr, scope, reader.modules);
  if (access !== undefined) noteRead(reader, access, scope, expr.line, place);
}

/** A default as a person would write it into an environment. */
function defaultText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return isValues(value) && value.every((item) => typeof item === 'string') ? value.join(',') : undefined;
}
