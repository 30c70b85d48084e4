import type { parser } from '@lezer/python';

export type Node = ReturnType<typeof parser.parse>['topNode'];

/** The source a node belongs to, with what turns positions into text and lines. */
export class Source {
  readonly #starts: readonly number[];

  constructor(readonly text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  of(node: Node): string {
    return this.text.slice(node.from, node.to);
  }

  line(node: Node): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= node.from) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

export function children(node: Node): Node[] {
  const all: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') all.push(child);
  }
  return all;
}

/** The children between separators: `a, b c` gives [[a], [b, c]]. */
export function splitAt(nodes: readonly Node[], separator: string): Node[][] {
  const groups: Node[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) groups.push([]);
    else groups.at(-1)?.push(node);
  }
  return groups.filter((group) => group.length > 0);
}
