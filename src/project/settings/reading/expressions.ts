import type { Expr } from '../../python/ast.js';
import { parts as partsOf } from '../../python/walk.js';
import { evaluate, readingOf } from '../evaluate.js';
import type { Scope } from '../scope.js';
import { truth } from '../value.js';
import { readCall } from './calls.js';
import { boundValue } from './names.js';
import type { Place, Reader } from './reader.js';
import { needsValue, noteRead } from './reads.js';
import { comparedAsBool, defaultFromOr, noteUse } from './uses.js';

/** Notes every reading of the environment in an expression, and every text with the setting it is in. */
export function readExpression(reader: Reader, expr: Expr, scope: Scope, place: Place): void {
  const access = readingOf(expr, scope, reader.modules);
  if (access !== undefined) {
    noteRead(reader, access, scope, expr.line, place);
    if (access.fallback !== undefined) readExpression(reader, access.fallback, scope, place);
    return;
  }
  switch (expr.kind) {
    case 'string':
      readText(reader, expr, scope, place);
      return;
    case 'dict':
      readDict(reader, expr, scope, place);
      return;
    case 'call':
      readCall(reader, expr, scope, place);
      return;
    case 'index':
      needsValue(reader, expr.object, scope, place);
      break;
    case 'name':
      noteUse(reader, expr, scope, place);
      return;
    case 'bind':
      readExpression(reader, expr.value, scope, place);
      scope.names.set(expr.name, boundValue(reader, expr.value, scope));
      return;
    case 'conditional': {
      readExpression(reader, expr.test, scope, place);
      const test = truth(evaluate(expr.test, scope, reader.modules));
      const branch = (wanted: boolean): Place => ({
        ...place,
        certainty: test === undefined && place.certainty === 'sure' ? 'maybe' : test === !wanted ? 'never' : place.certainty,
      });
      readExpression(reader, expr.whenTrue, scope, branch(true));
      readExpression(reader, expr.whenFalse, scope, branch(false));
      return;
    }
    case 'binary':
      readBinary(reader, expr, scope, place);
      return;
    default:
      break;
  }
  const inCall = place.inCall || expr.kind === 'fstring' || expr.kind === 'other';
  for (const part of partsOf(expr)) readExpression(reader, part, scope, { ...place, inCall });
}

function readText(reader: Reader, expr: Extract<Expr, { kind: 'string' }>, scope: Scope, place: Place): void {
  if (place.setting === undefined || place.setting === '') return;
  reader.outcome.texts.push({
    setting: place.setting,
    value: expr.value,
    from: `${scope.path}:${expr.line}`,
    certainty: place.certainty,
  });
}

function readDict(reader: Reader, expr: Extract<Expr, { kind: 'dict' }>, scope: Scope, place: Place): void {
  for (const { key, value } of expr.entries) {
    if (key.kind !== 'string') readExpression(reader, key, scope, place);
    const below =
      key.kind === 'string' && place.setting !== undefined && place.setting !== '' ? `${place.setting}.${key.value}` : undefined;
    readExpression(reader, value, scope, below === undefined ? place : { ...place, setting: below });
  }
  for (const spread of expr.spread) readExpression(reader, spread, scope, place);
}

function readBinary(reader: Reader, expr: Extract<Expr, { kind: 'binary' }>, scope: Scope, place: Place): void {
  if (expr.operator === '+' || expr.operator === '/') {
    needsValue(reader, expr.left, scope, place);
    needsValue(reader, expr.right, scope, place);
  }
  const isPart = expr.operator === '+' || expr.operator === '/' || expr.operator === '%';
  const inner = isPart ? { ...place, inCall: true } : place;
  readExpression(reader, expr.left, scope, inner);
  const left = truth(evaluate(expr.left, scope, reader.modules));
  const skipped = (expr.operator === 'and' && left === false) || (expr.operator === 'or' && left === true);
  const unsure = (expr.operator === 'and' || expr.operator === 'or') && left === undefined;
  const certainty = skipped ? 'never' : unsure && place.certainty === 'sure' ? 'maybe' : place.certainty;
  readExpression(reader, expr.right, scope, { ...inner, certainty });
  if (expr.operator === 'or') defaultFromOr(reader, expr, scope);
  if (expr.operator === '==' || expr.operator === '!=' || expr.operator === 'in') comparedAsBool(reader, expr, scope);
}
