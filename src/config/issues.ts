import type { Document } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../core/nearest.js';
import { flow } from './flow.js';
import { alternatives, jsonSchema, keysAt, type SchemaNode, schemaAt } from './json-schema.js';
import { locate, type Path, startOf } from './locate.js';
import type { Problem } from './source.js';
import { expected, given } from './wording.js';

type Issue = z.core.$ZodIssue;

interface Context {
  readonly document: Document;
  readonly text: string;
  /** What was validated. */
  readonly data: unknown;
  readonly schema: SchemaNode;
}

/** What the schema found wrong, told at its place in the file. */
export function issueProblems(issues: readonly Issue[], document: Document, text: string, data: unknown): readonly Problem[] {
  const context: Context = { document, text, data, schema: jsonSchema('draft-2020-12') };
  return toldAll(context, issues, []);
}

/** A key that is missing because it is misspelt is told once. */
function toldAll(context: Context, issues: readonly Issue[], base: Path): Problem[] {
  const misspelt = (path: Path): boolean =>
    issues.some(
      (issue) =>
        issue.code === 'unrecognized_keys' &&
        pathName(issue.path) === pathName(path.slice(0, -1)) &&
        issue.keys.some((key) => nearest(key, [String(path.at(-1))]) !== undefined),
    );
  return issues
    .filter((issue) => issue.code !== 'invalid_type' || !misspelt(issue.path))
    .flatMap((issue) => told(context, issue, [...base, ...issue.path]));
}

function told(context: Context, issue: Issue, path: Path): Problem[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(context, path, key));
    case 'invalid_union':
      return union(context, issue, path);
    case 'invalid_key':
      return issue.issues.slice(0, 1).map((inner) => ({
        code: 'CONFIG_KEY',
        at: keyPosition(context, path),
        message: `${JSON.stringify(String(path.at(-1)))} ${inner.message}`,
        ...hint(context, path.slice(0, -1)),
      }));
    case 'invalid_type':
      return [valueAt(context.data, path) === undefined ? missing(context, path) : wrongType(context, path, issue.expected)];
    case 'invalid_value':
      return [notAllowed(context, path, issue.values.map(String))];
    case 'custom':
      return [custom(context, path, issue)];
    default:
      return [wrongValue(context, path, bounds(issue))];
  }
}

function unknownKey(context: Context, path: Path, key: string): Problem {
  const known = keysAt(context.schema, path);
  const meant = nearest(key, known);
  const where = path.length === 0 ? '' : ` in ${pathName(path)}`;
  const allowed = known.length === 0 ? 'take it away' : `allowed here: ${known.join(', ')}`;
  return {
    code: 'CONFIG_UNKNOWN_KEY',
    at: keyPosition(context, [...path, key]),
    message: `unknown key ${JSON.stringify(key)}${where}`,
    hint: meant === undefined ? allowed : `did you mean ${meant}?`,
  };
}

/** Told by the alternative the value was meant for: one of its type, with the fewest keys it does not know. */
function union(context: Context, issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): Problem[] {
  const meant = issue.errors
    .filter(
      (errors) =>
        !errors.some((error) => error.path.length === 0 && (error.code === 'invalid_type' || error.code === 'invalid_value')),
    )
    .toSorted((a, b) => strangeness(a) - strangeness(b))[0];
  if (meant !== undefined) return toldAll(context, meant, path);
  return [valueAt(context.data, path) === undefined ? missing(context, path) : wrongType(context, path)];
}

const strangeness = (errors: readonly Issue[]): number =>
  errors.reduce((sum, error) => sum + (error.code === 'unrecognized_keys' ? 10 * error.keys.length : 1), 0);

function missing(context: Context, path: Path): Problem {
  const parent = path.slice(0, -1);
  const { key, value } = locate(context.document, parent);
  return {
    code: 'CONFIG_MISSING',
    at: startOf(key ?? value),
    message: `${pathName(parent) || 'the file'} has no ${String(path.at(-1))}`,
    ...hint(context, path),
  };
}

function wrongType(context: Context, path: Path, type?: string): Problem {
  const value = valueAt(context.data, path);
  const node = schemaAt(context.schema, path);
  const wanted = node === undefined ? (type ?? 'another value') : expected(alternatives(context.schema, node));
  const { value: here } = locate(context.document, path);
  const written = here?.range ? context.text.slice(here.range[0], here.range[1]).trim() : String(value);
  const text = typeof value === 'number' || typeof value === 'boolean' ? quoting(wanted, path, written) : undefined;
  return {
    code: 'CONFIG_TYPE',
    at: startOf(here),
    message: `${pathName(path) || 'the file'} must be ${wanted}, but is ${given(value, written)}`,
    ...(text === undefined ? hint(context, path) : { hint: text }),
  };
}

const quoting = (wanted: string, path: Path, written: string): string | undefined =>
  /\btext\b/.test(wanted)
    ? `put it in quotes: ${typeof path.at(-1) === 'string' ? `${String(path.at(-1))}: ` : ''}"${written}"`
    : undefined;

function notAllowed(context: Context, path: Path, allowed: readonly string[]): Problem {
  const value = String(valueAt(context.data, path));
  const meant = nearest(value, allowed);
  const one = allowed.length === 1 ? (allowed[0] ?? '') : `one of ${allowed.join(', ')}`;
  return {
    ...wrongValue(context, path, `must be ${one}, not ${JSON.stringify(value)}`),
    hint: meant === undefined ? `allowed: ${allowed.join(', ')}` : `did you mean ${meant}?`,
  };
}

function custom(context: Context, path: Path, issue: Extract<Issue, { code: 'custom' }>): Problem {
  const { code, hint: mend, at } = issue.params ?? {};
  const problem = wrongValue(context, path, issue.message);
  const { key, value } = locate(context.document, path);
  const start = code === 'CONFIG_MISSING' ? startOf(key ?? value) : problem.at;
  return {
    ...problem,
    code: typeof code === 'string' ? code : problem.code,
    at: typeof at === 'number' ? start + inner(context, path, at) : start,
    ...(typeof mend === 'string' ? { hint: mend } : {}),
  };
}

/** Where in the source an index into a text is, while both are written alike: the start of the text, else. */
function inner(context: Context, path: Path, at: number): number {
  const { value } = locate(context.document, path);
  const text = valueAt(context.data, path);
  const offset = value?.range && typeof text === 'string' ? context.text.slice(value.range[0], value.range[1]).indexOf(text) : -1;
  return offset < 0 ? 0 : offset + at;
}

function wrongValue(context: Context, path: Path, message: string): Problem {
  const { key, value } = locate(context.document, path);
  return { code: 'CONFIG_VALUE', at: startOf(value ?? key), message: `${pathName(path)} ${message}`, ...hint(context, path) };
}

function bounds(issue: Issue): string {
  if (issue.code === 'too_small' && issue.origin === 'array') return 'must not be empty';
  if (issue.code === 'too_small' && issue.origin !== 'string')
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin !== 'string') return `must be at most ${issue.maximum}`;
  return issue.message;
}

function hint(context: Context, path: Path): { hint?: string } {
  const example = schemaAt(context.schema, path)?.examples?.[0];
  const name = path.at(-1);
  if (example === undefined || typeof name !== 'string') return {};
  return { hint: `for example: ${name}: ${flow(example)}` };
}

function keyPosition(context: Context, path: Path): number {
  const { key, value } = locate(context.document, path);
  return startOf(key ?? value);
}

function valueAt(data: unknown, path: Path): unknown {
  let here = data;
  for (const step of path) here = isRecord(here) ? here[String(step)] : undefined;
  return here;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** `environments.production.hosts[0].address` */
export const pathName = (path: Path): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('');
