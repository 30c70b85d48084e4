import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml';
import { keyName, type Path, startOf } from './locate.js';
import { isLiteral } from './plain.js';
import { type Problem, positionOf } from './source.js';

/** What YAML allows and plain configuration does not mean: aliases to nowhere or to themselves, tags, lost digits, keys given twice. */
export function treeProblems(document: Document.Parsed, text: string): readonly Problem[] {
  return document.contents === null ? [] : [...nodeProblems({ document, text }, document.contents, [], [])];
}

interface Tree {
  readonly document: Document;
  readonly text: string;
}

function* nodeProblems(tree: Tree, node: unknown, path: Path, ancestors: readonly unknown[]): Generator<Problem> {
  if (isAlias(node)) yield* aliasProblems(tree.document, node, ancestors);
  else if (isScalar(node)) yield* scalarProblems(node, isLiteral(path));
  else if (isSeq(node))
    for (const [index, item] of node.items.entries()) yield* nodeProblems(tree, item, [...path, index], [...ancestors, node]);
  else if (isMap(node)) {
    yield* keyProblems(node, tree.text);
    for (const pair of node.items) yield* nodeProblems(tree, pair.value, [...path, keyName(pair.key)], [...ancestors, node]);
  }
}

function* aliasProblems(document: Document, alias: Alias, ancestors: readonly unknown[]): Generator<Problem> {
  const target = alias.resolve(document);
  const problem = target === undefined ? `nothing before this is named &${alias.source}` : 'this refers to what it is a part of';
  if (target === undefined || ancestors.includes(target))
    yield { code: 'CONFIG_ALIAS', at: startOf(alias), message: problem, hint: 'put a text that begins with * in quotes' };
}

function* scalarProblems(node: Scalar, literal: boolean): Generator<Problem> {
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
  if (typeof value !== 'number' || literal) return;
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
