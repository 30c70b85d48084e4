import type { Expr } from '../../python/ast.js';
import { dotted } from '../../python/walk.js';
import type { Read } from '../outcome.js';
import { external } from '../resolve.js';
import type { Scope } from '../scope.js';
import { extendList, settingOf } from './names.js';
import type { Place, Reader } from './reader.js';
import { needsValue } from './reads.js';
import { enterFunction, readSpecialCall } from './special-calls.js';
import { noteSplit, noteTruth, noteType } from './uses.js';

const CONVERSIONS: Readonly<Record<string, Read['type']>> = {
  int: 'int',
  float: 'int',
  'json.loads': 'json',
  Path: 'path',
  'pathlib.Path': 'path',
};

/** What a call tells about its arguments: types, separators, settings that are appended to. */
export function readCall(reader: Reader, expr: Extract<Expr, { kind: 'call' }>, scope: Scope, place: Place): void {
  const { callee } = expr;
  const name = external(callee, scope, reader.modules) ?? dotted(callee) ?? '';
  readSpecialCall(reader, expr, name, scope, place);
  if (callee.kind === 'member') {
    const isText =
      /^(split|strip|lower|upper|replace|startswith|endswith|rstrip|lstrip|removesuffix|removeprefix|encode|title)$/.test(
        callee.name,
      );
    if (isText) needsValue(reader, callee.object, scope, place);
    if (callee.name === 'split') noteSplit(reader, expr, callee.object, scope);
    if (/^(append|insert|extend|update|setdefault)$/.test(callee.name)) {
      const setting = settingOf(reader, callee.object);
      const inner = setting === undefined || place.setting === '' ? place : { ...place, setting };
      for (const arg of [...expr.args, ...expr.keywords.map((keyword) => keyword.value)]) reader.expression(arg, scope, inner);
      if (callee.object.kind === 'name') noteAppended(reader, callee.object.name, callee.name, expr.args, scope, place);
      return;
    }
    reader.expression(callee.object, scope, place);
  }
  const [first] = expr.args;
  const type = CONVERSIONS[name];
  if (type !== undefined && first !== undefined) {
    needsValue(reader, first, scope, place);
    noteType(reader, first, type, scope);
  } else if (name === 'bool' && first !== undefined) noteTruth(reader, first, scope);
  else if (/(^|\.)(join|dj_database_url\.parse|strtobool|b64decode|literal_eval)$/.test(name)) {
    for (const arg of expr.args) needsValue(reader, arg, scope, place);
  }
  for (const arg of expr.args) reader.expression(arg, scope, { ...place, inCall: true });
  for (const { name: key, value } of expr.keywords) {
    const isSettingKey = name === 'dict' && place.setting !== undefined && place.setting !== '' && key !== '**';
    reader.expression(value, scope, isSettingKey ? { ...place, setting: `${place.setting}.${key}` } : { ...place, inCall: true });
  }
  enterFunction(reader, expr, scope, place);
}

function noteAppended(reader: Reader, name: string, method: string, args: readonly Expr[], scope: Scope, place: Place): void {
  const value = args.at(-1);
  if (value === undefined || method === 'update' || method === 'setdefault') return;
  extendList(reader, name, method === 'extend' ? value : { kind: 'list', items: [value], line: value.line }, scope, place);
}
