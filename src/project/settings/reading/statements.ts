import type { Expr, Stmt } from '../../python/ast.js';
import { bodyOf, dotted, expressionsOf } from '../../python/walk.js';
import { evaluate } from '../evaluate.js';
import type { Scope } from '../scope.js';
import { isValues, truth } from '../value.js';
import { readAssign, readClass, readImport, readUpdate } from './definitions.js';
import { variablesIn } from './names.js';
import type { Flow, Place, Reader } from './reader.js';
import { requireVariables } from './reads.js';

/** Reads statements in order; tells whether they are gone through to the end. */
export function readBlock(reader: Reader, body: readonly Stmt[], scope: Scope, place: Place): Flow {
  let flow: Flow = 'on';
  for (const stmt of body) {
    const certainty =
      flow === 'left' ? 'never' : flow === 'perhaps left' && place.certainty === 'sure' ? 'maybe' : place.certainty;
    const next = readStatement(reader, stmt, scope, { ...place, certainty });
    if (next !== 'on' && flow !== 'left') flow = next;
  }
  return flow;
}

function readStatement(reader: Reader, stmt: Stmt, scope: Scope, place: Place): Flow {
  switch (stmt.kind) {
    case 'if':
      return readIf(reader, stmt, scope, place);
    case 'try':
      return readTry(reader, stmt, scope, place);
    case 'return':
      for (const expr of stmt.values) reader.expression(expr, scope, place);
      return 'left';
    default:
      readSimple(reader, stmt, scope, place);
      return 'on';
  }
}

function readSimple(reader: Reader, stmt: Stmt, scope: Scope, place: Place): void {
  switch (stmt.kind) {
    case 'import':
    case 'from':
      readImport(reader, stmt, scope, place);
      return;
    case 'function':
      scope.names.set(stmt.name, { kind: 'function', stmt, scope });
      return;
    case 'class':
      readClass(reader, stmt, scope, place);
      return;
    case 'assign':
      readAssign(reader, stmt, scope, place);
      return;
    case 'update':
      readUpdate(reader, stmt, scope, place);
      return;
    case 'for':
      readFor(reader, stmt, scope, place);
      return;
    case 'block':
      readWith(reader, stmt, scope, place);
      return;
    default:
      for (const expr of expressionsOf(stmt)) reader.expression(expr, scope, place);
  }
}

function readIf(reader: Reader, stmt: Extract<Stmt, { kind: 'if' }>, scope: Scope, place: Place): Flow {
  let rest = place.certainty;
  let flow: Flow = 'on';
  for (const { test, body } of stmt.branches) {
    reader.expression(test, scope, { ...place, certainty: rest === 'never' ? 'never' : place.certainty });
    const outcome = rest === 'never' ? false : truth(evaluate(test, scope, reader.modules));
    const here = outcome === false ? 'never' : outcome === true ? rest : rest === 'never' ? 'never' : 'maybe';
    if (outcome === true && raises(body)) requireVariables(reader, variablesIn(reader, test, scope), place);
    const left = readBlock(reader, body, scope, { ...place, certainty: here });
    if (outcome === true && rest === place.certainty) flow = left;
    else if (outcome !== false && left !== 'on') flow = 'perhaps left';
    if (outcome === true) rest = 'never';
    else if (outcome === undefined && rest !== 'never') rest = 'maybe';
  }
  if (raises(stmt.otherwise) && rest !== 'never') {
    for (const { test } of stmt.branches) requireVariables(reader, variablesIn(reader, test, scope), place);
  }
  const left = readBlock(reader, stmt.otherwise, scope, { ...place, certainty: rest });
  if (rest === 'never' || left === 'on') return flow;
  return rest === place.certainty && flow === 'on' ? left : 'perhaps left';
}

function readTry(reader: Reader, stmt: Extract<Stmt, { kind: 'try' }>, scope: Scope, place: Place): Flow {
  const going = stmt.handlers.filter((handler) => !raises(handler.body));
  const catches = (names: RegExp): boolean =>
    going.some((handler) => handler.caught.length === 0 || handler.caught.some((name) => names.test(name)));
  const flow = readBlock(reader, stmt.body, scope, {
    ...place,
    guarded:
      place.guarded ||
      catches(
        /^(KeyError|LookupError|Exception|BaseException|ImproperlyConfigured|UndefinedValueError|EnvError|TypeError|AttributeError|ValueError)$/,
      ),
    optionalImport: place.optionalImport || catches(/^(ImportError|ModuleNotFoundError|Exception|BaseException)$/),
  });
  const unlikely: Place = { ...place, certainty: place.certainty === 'never' ? 'never' : 'maybe' };
  for (const handler of stmt.handlers) readBlock(reader, handler.body, scope, unlikely);
  readBlock(reader, [...stmt.otherwise, ...stmt.last], scope, place);
  return flow === 'left' && stmt.handlers.length > 0 ? 'perhaps left' : flow;
}

/** A loop over names written out is followed for each of them. */
function readFor(reader: Reader, stmt: Extract<Stmt, { kind: 'for' }>, scope: Scope, place: Place): void {
  reader.expression(stmt.iterable, scope, place);
  const [target] = stmt.targets;
  const items = evaluate(stmt.iterable, scope, reader.modules);
  if (target?.kind === 'name' && stmt.targets.length === 1 && isValues(items) && items.length > 0 && items.length <= 50) {
    for (const value of items) {
      scope.names.set(target.name, { kind: 'value', value, variables: [] });
      readBlock(reader, stmt.body, scope, place);
    }
    return;
  }
  readBlock(reader, stmt.body, scope, { ...place, certainty: place.certainty === 'never' ? 'never' : 'maybe' });
}

function readWith(reader: Reader, stmt: Extract<Stmt, { kind: 'block' }>, scope: Scope, place: Place): void {
  let prefix = place.prefix;
  for (const expr of stmt.head) {
    reader.expression(expr, scope, place);
    const added =
      expr.kind === 'call' && expr.callee.kind === 'member' && expr.callee.name === 'prefixed' ? expr.args[0] : undefined;
    if (added?.kind === 'string') prefix += added.value;
  }
  readBlock(reader, bodyOf(stmt), scope, { ...place, prefix });
}

const raises = (body: readonly Stmt[]): boolean =>
  body.some((stmt) => stmt.kind === 'raise' || (stmt.kind === 'expression' && stmt.values.some(exits)));

const exits = (expr: Expr): boolean =>
  expr.kind === 'call' && /^(sys\.exit|exit|quit|os\._exit)$/.test(dotted(expr.callee) ?? '');
