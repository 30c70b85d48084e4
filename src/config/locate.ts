import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';

/** Keys and indices from the top. */
export type Path = readonly PropertyKey[];

const isMerge = (key: unknown): boolean => isScalar(key) && key.source === '<<' && key.type === Scalar.PLAIN;

export const keyName = (key: unknown): string => (isMerge(key) ? '<<' : isScalar(key) ? String(key.value) : String(key));

export const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

export const isNode = (value: unknown): value is Node => isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);

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

export const resolved = (document: Document, node: Node | undefined): Node | undefined =>
  isAlias(node) ? node.resolve(document) : node;
