import type { Expr } from '../../python/ast.js';
import { within } from '../../python/walk.js';
import { readingOf } from '../evaluate.js';
import type { Read } from '../outcome.js';
import { resolve } from '../resolve.js';
import type { Scope } from '../scope.js';
import { keyOf, readOf } from './names.js';
import { type Place, type Reader, TOP } from './reader.js';
import { noteRead } from './reads.js';

/** `.split(",")` makes a list of the variable. */
export function noteSplit(reader: Reader, expr: Extract<Expr, { kind: 'call' }>, object: Expr, scope: Scope): void {
  const [by] = expr.args;
  const separator = by?.kind === 'string' ? by.value : ' ';
  for (const part of within(object)) {
    const access = readingOf(part, scope, reader.modules);
    const read = access === undefined ? undefined : readOf(reader, access, scope);
    if (read === undefined && access !== undefined) noteRead(reader, access, scope, part.line, { ...TOP, certainty: 'maybe' });
    const noted = access === undefined ? undefined : readOf(reader, access, scope);
    if (noted?.type === 'string') {
      noted.type = 'list';
      noted.separator = separator;
    }
  }
  if (object.kind === 'name') noteLaterSplit(reader, object, separator, scope);
}

function noteLaterSplit(reader: Reader, object: Expr, separator: string, scope: Scope): void {
  const binding = resolve(object, scope, reader.modules);
  const [only, ...others] = binding?.kind === 'value' ? binding.variables : [];
  const read = only === undefined || others.length > 0 ? undefined : reader.outcome.reads.get(only);
  if (read?.type === 'string' && !/url|uri/i.test(read.name)) {
    read.type = 'list';
    read.separator = separator;
  }
}

/** A conversion around a reading says what type the variable has. */
export function noteType(reader: Reader, expr: Expr, type: Read['type'], scope: Scope): void {
  for (const part of within(expr)) {
    const access = readingOf(part, scope, reader.modules);
    const key = access === undefined ? undefined : keyOf(reader, access, scope, '');
    if (access === undefined || key === undefined) continue;
    if (reader.outcome.reads.get(key) === undefined) noteRead(reader, access, scope, part.line, { ...TOP, certainty: 'maybe' });
    const read = reader.outcome.reads.get(key);
    if (read?.type === 'string') read.type = type;
  }
}

/** `bool(…)` of a text: any text but the empty one is true, "False" and "0" too. Of a number, the number's own spelling counts. */
export function noteTruth(reader: Reader, expr: Expr, scope: Scope): void {
  const access = readingOf(expr, scope, reader.modules);
  if (access === undefined && expr.kind === 'call' && expr.callee.kind === 'name' && expr.callee.name === 'int') return;
  noteType(reader, expr, 'bool', scope);
  const read = access === undefined ? undefined : readOf(reader, access, scope);
  if (read?.type === 'bool' && access?.type === 'string') read.off = '';
}

/** A name that came from a variable, used in a setting. */
export function noteUse(reader: Reader, expr: Expr, scope: Scope, place: Place): void {
  const { setting } = place;
  if (setting === undefined || setting === '' || place.inCall) return;
  const binding = resolve(expr, scope, reader.modules);
  for (const name of binding?.kind === 'value' ? binding.variables : []) {
    const read = reader.outcome.reads.get(name);
    if (read !== undefined && !read.settings.includes(setting)) read.settings.push(setting);
  }
}

/** `os.environ.get("X") or "y"`: the default is y. */
export function defaultFromOr(reader: Reader, expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): void {
  const access = readingOf(expr.left, scope, reader.modules);
  const read = access === undefined ? undefined : readOf(reader, access, scope);
  if (read !== undefined && read.fallback === undefined && expr.right.kind === 'string') read.fallback = expr.right.value;
}

/** Compared with words for true and false, a variable is a bool. */
export function comparedAsBool(reader: Reader, expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): void {
  const words = [...within(expr.right)].filter((part) => part.kind === 'string').map((part) => part.value.toLowerCase());
  if (words.length === 0 || !words.every((word) => /^(true|false|1|0|yes|no|on|off|t|f|y|n|)$/.test(word))) return;
  const inner = [...within(expr.left)].map((part) => readingOf(part, scope, reader.modules)).find((one) => one !== undefined);
  const read = inner === undefined ? undefined : readOf(reader, inner, scope);
  if (read?.type !== 'string') return;
  read.type = 'bool';
  const [only] = [...within(expr.right)].filter((part) => part.kind === 'string');
  // Whatever is not that word is true.
  if (expr.operator === '!=' && only?.kind === 'string' && /^(false|0|no|off|f|n|)$/i.test(only.value)) read.off = only.value;
}
