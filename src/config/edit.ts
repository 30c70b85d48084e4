import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Node,
  parseDocument,
  Scalar,
  type ToStringOptions,
  visit,
} from 'yaml';
import { Failure } from '../core/failure.js';
import type { Json } from '../core/plan.js';
import { READING } from './document.js';
import { parseConfig } from './parse.js';

/** Where a key is, from the top: `['web', 'workers']`. */
export type KeyPath = readonly [string, ...string[]];

/**
 * The text with one key set; everything else, comments too, stays.
 * @param name what the file is called in messages
 * @throws Failure CONFIG_… (config) when the text was wrong before or would be after, CONFIG_EDIT where an alias is in the way
 */
export function setKey(text: string, path: KeyPath, value: Json, name = 'slipway.yml'): string {
  const { document } = opened(text, name);
  for (let length = 1; length < path.length; length++) openMap(document, path.slice(0, length), name);
  document.setIn(
    path,
    value !== null && typeof value === 'object' ? quoted(document.createNode(value, { flow: path.length > 1 })) : value,
  );
  return closed(document, text, name);
}

/** Without quotes, the library would write some texts of several lines as something else, and the change would be refused. */
function quoted(node: Node): Node {
  visit(node, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.includes('\n')) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return node;
}

/** The text without one key, and without a map that is left empty by that. @throws as `setKey` */
export function deleteKey(text: string, path: KeyPath, name = 'slipway.yml'): string {
  const { document, where } = opened(text, name);
  if (where(path) === undefined) return text;
  if (path.some((_, index) => isAlias(document.getIn(path.slice(0, index), true))) || !document.hasIn(path))
    throw shared(path, name);
  document.deleteIn(path);
  for (let length = path.length - 1; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length), true);
    if (isMap(parent) && parent.items.length === 0) document.deleteIn(path.slice(0, length));
  }
  return isMap(document.contents) && document.contents.items.length === 0 ? emptied(document) : closed(document, text, name);
}

function opened(text: string, name: string): { document: Document.Parsed; where: ReturnType<typeof parseConfig>['where'] } {
  const { where } = parseConfig(text, name);
  return { document: parseDocument(text, READING), where };
}

/** What is not there, or there without a value, becomes a map. */
function openMap(document: Document, path: readonly string[], name: string): void {
  const node = document.getIn(path, true);
  if (isAlias(node)) throw shared(path, name);
  if (isScalar(node) && node.value !== null && node.value !== undefined)
    throw new Failure('CONFIG_EDIT', 'config', `${path.join('.')} is no map in ${name}`, {
      hint: `write it by hand: ${path.join('.')}`,
    });
  if (!isCollection(node)) document.setIn(path, document.createNode({}));
}

const shared = (path: readonly string[], name: string): Failure =>
  new Failure('CONFIG_EDIT', 'config', `${path.join('.')} is shared by an alias in ${name}`, {
    hint: 'write the values out where they are to differ',
  });

function emptied(document: Document): string {
  const comments = [document.commentBefore, document.comment].filter((comment) => typeof comment === 'string');
  return comments.length === 0 ? '' : `${comments.join('\n').replace(/^/gm, '#')}\n`;
}

function closed(document: Document, before: string, name: string): string {
  const text = document.toString(style(before));
  const after = before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  parseConfig(after, name);
  if (values(parseDocument(after, READING)) !== values(document)) {
    throw new Failure('CONFIG_EDIT', 'config', `The change cannot be written without changing other values of ${name}`, {
      hint: 'write it by hand',
    });
  }
  return after;
}

const values = (document: Document): string => JSON.stringify(document.toJS());

/** As the file was written so far. */
const style = (text: string): ToStringOptions => ({
  lineWidth: 0,
  // A line that is all space is lost when a quoted text is written over several lines.
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  indent: /^( {2,8})\S/m.exec(text)?.[1]?.length ?? 2,
  indentSeq: !/^( *)[^\s#][^\n]*:\r?\n\1- /m.test(text),
  flowCollectionPadding: /[{[] /.test(text),
});
