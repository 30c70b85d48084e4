import type { Entry, Expr, Keyword } from './ast.js';
import { children, type Node, type Source, splitAt } from './cursor.js';
import { resolveEscapes, stringValue } from './string-literal.js';

type Reader = (node: Node, source: Source, line: number) => Expr;

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',']);

const inner = (node: Node): Node[] => children(node).filter((child) => !PUNCTUATION.has(child.name));

const items =
  (kind: 'list' | 'tuple' | 'set'): Reader =>
  (node, source, line) => ({
    kind,
    line,
    items: inner(node)
      .filter((child) => child.name !== '*')
      .map((child) => expression(child, source)),
  });

const READERS: Readonly<Record<string, Reader>> = {
  String: (node, source, line) => ({ kind: 'string', value: stringValue(source.of(node)) ?? '', line }),
  FormatString: formatString,
  ContinuedString: continuedString,
  Number: (node, source, line) => ({ kind: 'number', value: source.of(node).replaceAll('_', ''), line }),
  Boolean: (node, source, line) => ({ kind: 'bool', value: source.of(node) === 'True', line }),
  None: (_node, _source, line) => ({ kind: 'none', line }),
  VariableName: (node, source, line) => ({ kind: 'name', name: source.of(node), line }),
  MemberExpression: member,
  CallExpression: call,
  ArrayExpression: items('list'),
  TupleExpression: items('tuple'),
  SetExpression: items('set'),
  DictionaryExpression: dictionary,
  BinaryExpression: binary,
  UnaryExpression: unary,
  ConditionalExpression: conditional,
  NamedExpression: named,
  ParenthesizedExpression: (node, source) => first(inner(node), source, node),
};

/** What a node of the syntax tree says, in our own few kinds. */
export function expression(node: Node, source: Source): Expr {
  const line = source.line(node);
  return READERS[node.name]?.(node, source, line) ?? other(node, source);
}

function other(node: Node, source: Source): Expr {
  const parts = children(node).filter((child) => child.firstChild !== null || /Name$|^String$/.test(child.name));
  return {
    kind: 'other',
    text: source.of(node).slice(0, 200),
    children: parts.map((child) => expression(child, source)),
    line: source.line(node),
  };
}

function first(nodes: readonly Node[], source: Source, whole: Node): Expr {
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? expression(only, source) : other(whole, source);
}

function formatString(node: Node, source: Source, line: number): Expr {
  const parts: (string | Expr)[] = [];
  const body = source.of(node);
  const opening = /^[a-zA-Z]*("""|'''|"|')/.exec(body);
  let at = node.from + (opening?.[0].length ?? 0);
  const text = (to: number) => {
    if (to > at) parts.push(resolveEscapes(source.text.slice(at, to)).replaceAll('{{', '{').replaceAll('}}', '}'));
  };
  for (const child of children(node).filter((part) => part.name === 'FormatReplacement')) {
    text(child.from);
    const value = inner(child).find((part) => !part.name.startsWith('Format'));
    if (value !== undefined) parts.push(expression(value, source));
    at = child.to;
  }
  text(node.to - (opening?.[1]?.length ?? 0));
  return parts.every((part) => typeof part === 'string')
    ? { kind: 'string', value: parts.join(''), line }
    : { kind: 'fstring', parts, line };
}

function continuedString(node: Node, source: Source, line: number): Expr {
  const pieces = children(node).map((child) => expression(child, source));
  if (pieces.every((piece) => piece.kind === 'string')) {
    return { kind: 'string', value: pieces.map((piece) => piece.value).join(''), line };
  }
  const parts = pieces.flatMap((piece) =>
    piece.kind === 'string' ? [piece.value] : piece.kind === 'fstring' ? piece.parts : [piece],
  );
  return { kind: 'fstring', parts, line };
}

function member(node: Node, source: Source, line: number): Expr {
  const [object, ...rest] = children(node);
  if (object === undefined) return other(node, source);
  const property = rest.find((child) => child.name === 'PropertyName');
  if (property !== undefined) return { kind: 'member', object: expression(object, source), name: source.of(property), line };
  const index = rest.filter((child) => !PUNCTUATION.has(child.name));
  const [only] = index;
  if (only === undefined || index.length > 1 || only.name === ':') {
    return { kind: 'index', object: expression(object, source), index: { kind: 'other', children: [], text: ':', line }, line };
  }
  return { kind: 'index', object: expression(object, source), index: expression(only, source), line };
}

function call(node: Node, source: Source, line: number): Expr {
  const [callee, list] = children(node);
  if (callee === undefined) return other(node, source);
  const { args, keywords } = list === undefined ? { args: [], keywords: [] } : argumentList(list, source);
  return { kind: 'call', callee: expression(callee, source), args, keywords, line };
}

/** Arguments of a call or bases of a class. */
export function argumentList(list: Node, source: Source): { args: Expr[]; keywords: Keyword[] } {
  const args: Expr[] = [];
  const keywords: Keyword[] = [];
  const parts = children(list).filter((child) => child.name !== '(' && child.name !== ')');
  for (const group of splitAt(parts, ',')) {
    const [head, sign, value] = group;
    if (head === undefined) continue;
    if (sign?.name === 'AssignOp' && value !== undefined) {
      keywords.push({ name: source.of(head), value: expression(value, source) });
    } else if (head.name === '*' || head.name === '**') {
      if (sign !== undefined) keywords.push({ name: head.name, value: expression(sign, source) });
    } else {
      args.push(group.length === 1 ? expression(head, source) : generator(group, source));
    }
  }
  return { args, keywords };
}

function generator(group: readonly Node[], source: Source): Expr {
  const [head, ...rest] = group;
  const last = rest.at(-1) ?? head;
  const text = head === undefined || last === undefined ? '' : source.text.slice(head.from, last.to).slice(0, 200);
  const parts = group.filter((child) => child.firstChild !== null || /Name$|^String$/.test(child.name));
  return {
    kind: 'other',
    text,
    children: parts.map((child) => expression(child, source)),
    line: head === undefined ? 0 : source.line(head),
  };
}

function dictionary(node: Node, source: Source, line: number): Expr {
  const entries: Entry[] = [];
  const spread: Expr[] = [];
  const parts = children(node).filter((child) => child.name !== '{' && child.name !== '}');
  for (const group of splitAt(parts, ',')) {
    const [key, sign, value] = group;
    if (key?.name === '**' && sign !== undefined) spread.push(expression(sign, source));
    else if (key !== undefined && sign?.name === ':' && value !== undefined) {
      entries.push({ key: expression(key, source), value: expression(value, source) });
    }
  }
  return { kind: 'dict', entries, spread, line };
}

function binary(node: Node, source: Source, line: number): Expr {
  const parts = children(node);
  const [left] = parts;
  const right = parts.at(-1);
  if (left === undefined || right === undefined || parts.length < 3) return other(node, source);
  const operator = parts
    .slice(1, -1)
    .map((child) => source.of(child))
    .join(' ');
  return { kind: 'binary', operator, left: expression(left, source), right: expression(right, source), line };
}

function unary(node: Node, source: Source, line: number): Expr {
  const [sign, operand] = children(node);
  if (sign === undefined || operand === undefined) return other(node, source);
  if (sign.name === 'not') return { kind: 'not', operand: expression(operand, source), line };
  return operand.name === 'Number'
    ? { kind: 'number', value: source.of(node).replaceAll(/[\s_]/g, ''), line }
    : other(node, source);
}

function conditional(node: Node, source: Source, line: number): Expr {
  const [whenTrue, , test, , whenFalse] = children(node);
  if (whenTrue === undefined || test === undefined || whenFalse === undefined) return other(node, source);
  return {
    kind: 'conditional',
    test: expression(test, source),
    whenTrue: expression(whenTrue, source),
    whenFalse: expression(whenFalse, source),
    line,
  };
}

function named(node: Node, source: Source, line: number): Expr {
  const [name, , value] = children(node);
  if (name === undefined || value === undefined) return other(node, source);
  return { kind: 'bind', name: source.of(name), value: expression(value, source), line };
}
