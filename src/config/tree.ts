import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import { type Problem, positionOf } from './source.js';

export type Path = readonly PropertyKey[];

/** What YAML allows and plain configuration does not mean: aliases to nowhere or to themselves, tags, lost digits, keys given twice. */
export function treeProblems(document: Document.Parsed, text: string): readonly Problem[] {
  return document.contents === null ? [] : [...nodeProblems({ document, text }, document.contents, [])];
}

interface Tree {
  readonly document: Document;
  readonly text: string;
}

function* nodeProblems(tree: Tree, node: unknown, ancestors: readonly unknown[]): Generator<Problem> {
  if (isAlias(node)) yield* aliasProblems(tree.document, node, ancestors);
  else if (isScalar(node)) yield* scalarProblems(node);
  else if (isSeq(node)) for (const item of node.items) yield* nodeProblems(tree, item, [...ancestors, node]);
  else if (isMap(node)) {
    yield* keyProblems(node, tree.text);
    for (const pair of node.items) yield* nodeProblems(tree, pair.value, [...ancestors, node]);
  }
}

function* aliasProblems(document: Document, alias: Alias, ancestors: readonly unknown[]): Generator<Problem> {
  const target = alias.resolve(document);
  const problem = target === undefined ? `nothing before this is named &${alias.source}` : 'this refers to what it is a part of';
  if (target === undefined || ancestors.includes(target))
    yield { code: 'CONFIG_ALIAS', at: startOf(alias), message: problem, hint: 'put a text that begins with * in quotes' };
}

function* scalarProblems(node: Scalar): Generator<Problem> {
  const at = startOf(node);
  const { value, source = '' } = node;
  const plain = value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
  if (!plain)
    yield {
      code: 'CONFIG_SYNTAX',
      at,
      message: 'this kind of value has no meaning here',
      hint: 'put the text in quotes, without a tag',
    };
  if (typeof value !== 'number') return;
  if (!Number.isFinite(value))
    yield { code: 'CONFIG_VALUE', at, message: `${source} is no number to count with`, hint: 'put it in quotes if it is a text' };
  else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    yield { code: 'CONFIG_VALUE', at, message: `${source} would lose digits as a number`, hint: `put it in quotes: "${source}"` };
  }
}

function* keyProblems(map: YAMLMap, text: string): Generator<Problem> {
  const seen = new Map<string, number>();
  for (const { key } of map.items) {
    const name = keyName(key);
    const at = startOf(key);
    const first = seen.get(name);
    if (first !== undefined)
      yield {
        code: 'CONFIG_DUPLICATE_KEY',
        at,
        message: `the key ${JSON.stringify(name)} stands here a second time, after line ${positionOf(text, first).line}`,
        hint: 'keep one of them',
      };
    if (name === '__proto__') yield { code: 'CONFIG_UNKNOWN_KEY', at, message: 'the name __proto__ cannot be used' };
    seen.set(name, first ?? at);
  }
}

const isMerge = (key: unknown): boolean => isScalar(key) && key.source === '<<' && key.type === Scalar.PLAIN;

export const keyName = (key: unknown): string => (isMerge(key) ? '<<' : isScalar(key) ? String(key.value) : String(key));

export const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

const isNode = (value: unknown): value is Node => isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);

export interface Located {
  readonly key?: Node;
  readonly value?: Node;
}

/** The nodes at a path, aliases and merged maps followed; the nearest ones above it where the path leads nowhere. */
export function locate(document: Document, path: Path): Located {
  let here: Located = isNode(document.contents) ? { value: document.contents } : {};
  for (const step of path) {
    const next = child(document, resolved(document, here.value), step);
    if (next === undefined) return here;
    here = next;
  }
  return here;
}

function child(document: Document, node: Node | undefined, step: PropertyKey): Located | undefined {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return isNode(item) ? { value: item } : undefined;
  }
  const pair = isMap(node) ? pairOf(document, node, String(step)) : undefined;
  return pair === undefined
    ? undefined
    : { ...(isNode(pair.key) ? { key: pair.key } : {}), ...(isNode(pair.value) ? { value: pair.value } : {}) };
}

function pairOf(document: Document, map: YAMLMap, name: string): Pair | undefined {
  const own = map.items.find(({ key }) => !isMerge(key) && keyName(key) === name);
  if (own !== undefined) return own;
  for (const { key, value } of map.items) {
    if (!isMerge(key)) continue;
    const merged = resolved(document, isNode(value) ? value : undefined);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const target = resolved(document, isNode(source) ? source : undefined);
      const pair = isMap(target) ? pairOf(document, target, name) : undefined;
      if (pair !== undefined) return pair;
    }
  }
  return undefined;
}

const resolved = (document: Document, node: Node | undefined): Node | undefined =>
  isAlias(node) ? node.resolve(document) : node;

/** Environment variables are text: `1.10`, `0x1F` and `true` stay what was typed. */
export function keepLiterals(document: Document): void {
  const environments = locate(document, ['environments']).value;
  const names = isMap(environments) ? environments.items.map(({ key }) => keyName(key)) : [];
  for (const path of [['env'], ...names.map((name) => ['environments', name, 'env'])]) {
    const parent = locate(document, path.slice(0, -1)).value;
    const target = resolved(document, parent);
    const pair = isMap(target) ? pairOf(document, target, 'env') : undefined;
    const env = isNode(pair?.value) ? resolved(document, pair.value) : undefined;
    if (isMap(env)) for (const entry of env.items) literal(document, entry);
  }
}

function literal(document: Document, entry: Pair): void {
  const value = isNode(entry.value) ? resolved(document, entry.value) : undefined;
  if (!isScalar(value) || (typeof value.value !== 'number' && typeof value.value !== 'boolean')) return;
  const text = new Scalar(value.source ?? String(value.value));
  text.range = isNode(entry.value) ? (entry.value.range ?? null) : null;
  entry.value = text;
}
