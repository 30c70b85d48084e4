import type { Stmt } from '../../python/ast.js';
import { classBody } from '../classes.js';
import { bindingOf, importBinding, missingPath, starNames } from '../imports.js';
import type { Scope } from '../scope.js';
import { boundValue, extendList, settingOf } from './names.js';
import type { Place, Reader } from './reader.js';
import { noteRead } from './reads.js';

/** Binds what an import brings, reads the modules of the project it names, and notes those that are missing. */
export function readImport(reader: Reader, stmt: Extract<Stmt, { kind: 'import' | 'from' }>, scope: Scope, place: Place): void {
  const from = `${scope.path}:${stmt.line}`;
  const wanted = importBinding(reader.sources, scope.path, stmt);
  for (const name of wanted.outside) {
    reader.outcome.imports.push({ module: name, from, certainty: place.certainty, guarded: place.optionalImport });
  }
  for (const name of wanted.absent) {
    const path = missingPath(reader.sources, name);
    reader.outcome.missing.push({ module: name, path, from, certainty: place.certainty, guarded: place.optionalImport });
  }
  for (const [name, binding] of wanted.names) scope.names.set(name, binding);
  for (const { file, names } of wanted.files) {
    const isSettings = place.setting === undefined && stmt.kind === 'from' && stmt.star;
    const other = reader.module(file, isSettings ? 'settings' : 'import', { ...place });
    if (stmt.kind === 'from' && stmt.star && other !== undefined) {
      for (const [name, binding] of starNames(other)) scope.names.set(name, binding);
    }
    for (const { name, as } of names) {
      const binding = other?.names.get(name);
      if (binding !== undefined) scope.names.set(as, binding);
    }
  }
}

/** Notes what a class declares to be read, and reads its body. */
export function readClass(reader: Reader, stmt: Extract<Stmt, { kind: 'class' }>, scope: Scope, place: Place): void {
  scope.names.set(stmt.name, { kind: 'class', stmt, scope });
  const body = classBody(stmt, scope, reader.modules);
  for (const read of body.reads) noteRead(reader, read.access, scope, read.line, { ...place, setting: read.setting }, read.key);
  if (body.kind === 'fields') return;
  const chosen = reader.configuration === undefined || stmt.name === reader.configuration;
  const inner: Scope = { path: scope.path, names: new Map(), outer: scope };
  reader.block(stmt.body, inner, chosen ? place : { ...place, certainty: place.certainty === 'never' ? 'never' : 'maybe' });
}

/** Reads the value, with the setting it goes to, and binds the names. */
export function readAssign(reader: Reader, stmt: Extract<Stmt, { kind: 'assign' }>, scope: Scope, place: Place): void {
  const [first] = stmt.targets;
  const setting = first === undefined ? undefined : settingOf(reader, first);
  const inner = setting === undefined || place.setting === '' ? place : { ...place, setting };
  reader.expression(stmt.value, scope, inner);
  const binding = bindingOf(stmt.value, scope, reader.modules) ?? boundValue(reader, stmt.value, scope);
  for (const target of stmt.targets) {
    if (target.kind === 'name') bindName(reader, target.name, binding, scope, place, stmt.line);
    else if (target.kind === 'tuple') for (const item of target.items) if (item.kind === 'name') scope.names.delete(item.name);
  }
}

function bindName(
  reader: Reader,
  name: string,
  binding: ReturnType<typeof bindingOf>,
  scope: Scope,
  place: Place,
  line: number,
): void {
  if (binding === undefined) return;
  if (place.certainty === 'never') return;
  const held = name === 'DEBUG' && binding.kind === 'value' ? { ...binding, value: false } : binding;
  // What may or may not have been assigned is no longer known.
  const sure = place.certainty === 'sure' || held.kind !== 'value' || !scope.names.has(name);
  scope.names.set(
    name,
    sure ? held : { kind: 'value', value: undefined, variables: held.kind === 'value' ? held.variables : [] },
  );
  if (place.setting === undefined && /^[A-Z][A-Z0-9_]*$/.test(name)) {
    const value = held.kind === 'value' ? held.value : undefined;
    const known = place.certainty === 'sure' || !reader.outcome.settings.has(name);
    reader.outcome.settings.set(name, {
      value: known ? value : reader.outcome.settings.get(name)?.value,
      from: `${scope.path}:${line}`,
    });
  }
}

/** `NAME += …` */
export function readUpdate(reader: Reader, stmt: Extract<Stmt, { kind: 'update' }>, scope: Scope, place: Place): void {
  const setting = settingOf(reader, stmt.target);
  reader.expression(stmt.value, scope, setting === undefined || place.setting === '' ? place : { ...place, setting });
  if (stmt.target.kind === 'name' && stmt.operator === '+=') extendList(reader, stmt.target.name, stmt.value, scope, place);
}
