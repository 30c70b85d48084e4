import type { SchemaNode } from './json-schema.js';

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
};

/** What may stand in a place, in words: `a text or a list`. */
export function expected(nodes: readonly SchemaNode[]): string {
  const words = [...new Set(nodes.map(one))];
  const last = words.pop() ?? 'something else';
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}

function one(node: SchemaNode): string {
  if (node.const !== undefined) return String(node.const);
  if (node.enum !== undefined) return `one of ${node.enum.join(', ')}`;
  if (node.type === 'object' && node.properties?.['secret'] !== undefined) return '{secret: NAME}';
  return WORDS[String(node.type)] ?? 'a value';
}

/** What stands there, in words: `the number 3.1, written 3.10`. */
export function given(value: unknown, written: string): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)}`;
  if (typeof value === 'number') return `the number ${value}${String(value) === written ? '' : ` (written ${written})`}`;
  return String(value);
}
