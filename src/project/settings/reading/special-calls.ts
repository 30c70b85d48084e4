import type { Expr } from '../../python/ast.js';
import { within } from '../../python/walk.js';
import { parentOf } from '../../tree.js';
import { evaluate } from '../evaluate.js';
import { bindingOf, missingPath } from '../imports.js';
import { includedFiles } from '../includes.js';
import { resolve } from '../resolve.js';
import type { Binding, Scope } from '../scope.js';
import { boundValue } from './names.js';
import type { Place, Reader } from './reader.js';

const MAX_CALLS = 200;
/** A function that is called with other arguments may read other things. */
const MAX_ENTRIES = 4;

/** Calls that read files or load modules by name. */
export function readSpecialCall(
  reader: Reader,
  expr: Extract<Expr, { kind: 'call' }>,
  name: string,
  scope: Scope,
  place: Place,
): void {
  const from = `${scope.path}:${expr.line}`;
  if (
    /(^|\.)(load_dotenv|read_env|read_dotenv|read_envfile|dotenv_values)$|^decouple\.|^environs\./.test(name) ||
    /\.read_env$/.test(name)
  ) {
    reader.outcome.dotenv.push(from);
  }
  if (/^split_settings\.tools\.(include|optional)$/.test(name) && place.setting !== '') {
    for (const { file, optional, pattern } of includedFiles(
      reader.sources.tree,
      parentOf(scope.path),
      expr,
      name.endsWith('optional'),
    )) {
      if (file === undefined) {
        reader.outcome.missing.push({ module: pattern, path: pattern, from, certainty: place.certainty, guarded: optional });
        continue;
      }
      const other = reader.module(file, 'settings', place);
      for (const [key, binding] of other?.names ?? []) scope.names.set(key, binding);
    }
  }
  if (name === 'importlib.import_module') importByName(reader, expr, scope, place, from);
  if (name === 'open' || /\.(open|read_text)$/.test(name)) noteOpened(reader, expr, place, from);
}

function importByName(reader: Reader, expr: Extract<Expr, { kind: 'call' }>, scope: Scope, place: Place, from: string): void {
  const [first] = expr.args;
  const module = first === undefined ? undefined : evaluate(first, scope, reader.modules);
  if (typeof module !== 'string' || module === '') return;
  const file = reader.sources.fileOf(module);
  if (file !== undefined) {
    reader.module(file, 'import', place);
    return;
  }
  if (!reader.sources.hasModule(module.split('.')[0] ?? '')) return;
  const path = missingPath(reader.sources, module);
  reader.outcome.missing.push({ module, path, from, certainty: place.certainty, guarded: place.optionalImport });
}

function noteOpened(reader: Reader, expr: Extract<Expr, { kind: 'call' }>, place: Place, from: string): void {
  const source =
    expr.callee.kind === 'member' && expr.callee.name !== 'open' ? [expr.callee] : [...expr.args.slice(0, 1), expr.callee];
  const names = source
    .flatMap((part) => [...within(part)])
    .filter((part) => part.kind === 'string' && /\.\w{1,5}$/.test(part.value));
  const [last] = names.slice(-1);
  if (last?.kind === 'string') {
    reader.outcome.opened.push({
      name: last.value,
      from,
      certainty: place.certainty,
      guarded: place.guarded || place.optionalImport,
    });
  }
}

/** A function of the project, called while the settings load, is read where it is called. */
export function enterFunction(reader: Reader, expr: Extract<Expr, { kind: 'call' }>, scope: Scope, place: Place): void {
  const target = resolve(expr.callee, scope, reader.modules);
  if (target?.kind !== 'function' || reader.called.size > MAX_CALLS) return;
  const before = reader.called.get(target.stmt) ?? 0;
  if (before >= (place.certainty === 'never' ? 1 : MAX_ENTRIES)) return;
  reader.called.set(target.stmt, before + 1);
  const inner: Scope = { path: target.scope.path, names: new Map(), outer: target.scope };
  target.stmt.parameters.forEach((parameter, at) => {
    const given = expr.args[at] ?? expr.keywords.find((keyword) => keyword.name === parameter.name)?.value ?? parameter.fallback;
    const bound: Binding =
      given === undefined
        ? { kind: 'value', value: undefined, variables: [] }
        : (bindingOf(given, scope, reader.modules) ?? boundValue(reader, given, scope));
    inner.names.set(parameter.name, bound);
  });
  reader.block(target.stmt.body, inner, place);
}
