import { type Document, isScalar } from 'yaml';
import { locate, type Path, resolved } from './locate.js';
import { failureOf, type Source } from './source.js';

/**
 * The document's values. A key without a value counts as absent, except in settings and for variables; variables stay what was typed.
 * @throws Failure CONFIG_ALIAS (config) where aliases of aliases stand for more than a file could hold
 */
export function plainData(source: Source, document: Document): unknown {
  return cleaned(document, expanded(source, document), []);
}

function expanded(source: Source, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const at = Math.max(0, source.text.search(/\*[^\s,\]}]/));
    const message = 'the aliases of this file stand for too many values';
    throw failureOf(source, [{ code: 'CONFIG_ALIAS', at, message, hint: 'write the values out' }]);
  }
}

function cleaned(document: Document, value: unknown, path: Path): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isIn('settings', path)) return value;
  if (isIn('env', path)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(document, [...path, key], item)]));
  }
  const kept = Object.entries(value).filter(([key, item]) => item !== null || isEnvironment([...path, key]));
  return Object.fromEntries(kept.map(([key, item]) => [key, item === null ? {} : cleaned(document, item, [...path, key])]));
}

/** `1.10`, `0x1F` and `true` as they are written. */
function literal(document: Document, path: Path, value: unknown): unknown {
  const node = resolved(document, locate(document, path).value);
  return isScalar(node) && (typeof value === 'number' || typeof value === 'boolean') ? (node.source ?? String(value)) : value;
}

/** True for a variable, whose value is text however it is written. */
export const isLiteral = (path: Path): boolean => isIn('env', path.slice(0, -1));

/** True for `env` or `settings` themselves, at the top or in an environment. */
const isIn = (key: 'env' | 'settings', path: Path): boolean =>
  path.at(-1) === key && (path.length === 1 || (path.length === 3 && path[0] === 'environments'));

/** An environment may have nothing to say but its name. */
const isEnvironment = (path: Path): boolean => path.length === 2 && path[0] === 'environments';
