import type { Sources } from '../sources.js';
import { emptyOutcome, type Outcome } from './outcome.js';
import { readExpression } from './reading/expressions.js';
import { type Place, type Reader, TOP } from './reading/reader.js';
import { readBlock } from './reading/statements.js';
import type { Scope } from './scope.js';

const MAX_FILES = 60;

/**
 * Follows the settings from their first line to the last, as Python would with an empty environment and DEBUG off, and notes what they read.
 * Nothing is run; what cannot be known is taken as possible.
 */
export function runSettings(sources: Sources, module: string, configuration?: string): Outcome {
  const reader = newReader(sources, configuration);
  const parts = module.split('.');
  const packages = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'));
  for (const name of [...packages, module]) {
    const file = sources.fileOf(name);
    if (file !== undefined) reader.module(file, name === module ? 'settings' : 'import', TOP);
  }
  return reader.outcome;
}

function newReader(sources: Sources, configuration: string | undefined): Reader {
  const scopes = new Map<string, Scope>();
  const reader: Reader = {
    sources,
    configuration,
    outcome: emptyOutcome(),
    called: new Map(),
    modules: (path) => scopes.get(path) ?? reader.module(path, 'import', TOP),
    module(path, role, place) {
      return scopes.get(path) ?? readModule(reader, scopes, path, role === 'import' ? { ...place, setting: '' } : place);
    },
    block: (body, scope, place) => readBlock(reader, body, scope, place),
    expression: (expr, scope, place) => readExpression(reader, expr, scope, place),
  };
  return reader;
}

function readModule(reader: Reader, scopes: Map<string, Scope>, path: string, place: Place): Scope | undefined {
  const parsed = scopes.size < MAX_FILES ? reader.sources.parse(path) : undefined;
  if (parsed === undefined) return undefined;
  const scope: Scope = { path, names: new Map() };
  // Known before it is read, so that modules that import each other end.
  scopes.set(path, scope);
  reader.outcome.files.push(path);
  reader.block(parsed.body, scope, place);
  return scope;
}
