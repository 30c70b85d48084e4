import { parser } from '@lezer/python';
import type { Branch, Expr, Handler, ImportedName, Module, Parameter, Stmt } from './ast.js';
import { children, type Node, Source, splitAt } from './cursor.js';
import { argumentList, expression } from './expression.js';

/** Reads Python source without running it. Never throws: what is no Python is left out, and `brokenAt` names the first such line. */
export function parsePython(path: string, text: string): Module {
  const source = new Source(text);
  const top = parser.parse(text).topNode;
  const body = statements(children(top), source);
  const broken = brokenLine(top, source);
  return broken === undefined ? { path, body } : { path, body, brokenAt: broken };
}

function brokenLine(top: Node, source: Source): number | undefined {
  const cursor = top.cursor();
  do {
    if (cursor.type.isError) return source.line(cursor.node);
  } while (cursor.next());
  return undefined;
}

function statements(nodes: readonly Node[], source: Source): Stmt[] {
  return nodes.flatMap((node) => statement(node, source));
}

const block = (node: Node | undefined, source: Source): Stmt[] =>
  node === undefined ? [] : statements(children(node).slice(1), source);

function statement(node: Node, source: Source): Stmt[] {
  const line = source.line(node);
  switch (node.name) {
    case 'StatementGroup':
      return statements(children(node), source);
    case 'AssignStatement':
      return assignment(node, source, line);
    case 'UpdateStatement':
      return update(node, source, line);
    case 'ImportStatement':
      return imports(node, source, line);
    case 'IfStatement':
      return [conditional(node, source, line)];
    case 'TryStatement':
      return [attempt(node, source, line)];
    case 'FunctionDefinition':
      return [definition(node, source, [], line)];
    case 'ClassDefinition':
      return [classDefinition(node, source, line)];
    case 'DecoratedStatement':
      return decorated(node, source, line);
    case 'ForStatement':
      return [loop(node, source, line)];
    case 'WithStatement':
    case 'WhileStatement':
      return [compound(node, source, line)];
    case 'MatchStatement':
      return [match(node, source, line)];
    case 'ReturnStatement':
      return [{ kind: 'return', values: values(node, source), line }];
    case 'RaiseStatement':
      return [{ kind: 'raise', values: values(node, source), line }];
    case 'AssertStatement':
      return [{ kind: 'assert', values: values(node, source), line }];
    case 'ExpressionStatement':
    case 'PrintStatement':
      return [{ kind: 'expression', values: values(node, source), line }];
    default:
      return [];
  }
}

const KEYWORD = /^[a-z]+$|^[,;:]$/;

const values = (node: Node, source: Source): Expr[] =>
  children(node)
    .filter((child) => !KEYWORD.test(child.name))
    .map((child) => expression(child, source));

/** One expression of a comma-separated run: a tuple where there is more than one. */
function sequence(nodes: readonly Node[], source: Source, line: number): Expr {
  const items = nodes.filter((child) => child.name !== ',' && child.name !== '*').map((child) => expression(child, source));
  const [only] = items;
  return only !== undefined && items.length === 1 && !nodes.some((child) => child.name === ',')
    ? only
    : { kind: 'tuple', items, line };
}

function assignment(node: Node, source: Source, line: number): Stmt[] {
  const parts = children(node);
  const type = parts.find((child) => child.name === 'TypeDef');
  const annotation = type === undefined ? undefined : source.of(type).replace(/^:\s*/, '');
  const groups = splitAt(
    parts.filter((child) => child.name !== 'TypeDef'),
    'AssignOp',
  );
  const value = groups.at(-1);
  if (value === undefined) return [];
  if (groups.length === 1) {
    const [name] = value;
    return name === undefined || annotation === undefined ? [] : [{ kind: 'declare', name: source.of(name), annotation, line }];
  }
  const targets = groups.slice(0, -1).map((group) => sequence(group, source, line));
  const base = { kind: 'assign', targets, value: sequence(value, source, line), line } as const;
  return [annotation === undefined ? base : { ...base, annotation }];
}

function update(node: Node, source: Source, line: number): Stmt[] {
  const [target, operator, ...rest] = children(node);
  if (target === undefined || operator === undefined || rest.length === 0) return [];
  return [
    {
      kind: 'update',
      target: expression(target, source),
      operator: source.of(operator),
      value: sequence(rest, source, line),
      line,
    },
  ];
}

function importedNames(nodes: readonly Node[], source: Source): ImportedName[] {
  return splitAt(nodes, ',').flatMap((group) => {
    const at = group.findIndex((child) => child.name === 'as');
    const name = (at < 0 ? group : group.slice(0, at)).map((child) => source.of(child)).join('');
    const alias = at < 0 ? undefined : group[at + 1];
    return name === '' ? [] : [{ name, as: alias === undefined ? name : source.of(alias) }];
  });
}

function imports(node: Node, source: Source, line: number): Stmt[] {
  const parts = children(node).filter((child) => child.name !== '(' && child.name !== ')');
  const [head, ...rest] = parts;
  if (head?.name === 'import') return [{ kind: 'import', modules: importedNames(rest, source), line }];
  const at = rest.findIndex((child) => child.name === 'import');
  if (at < 0) return [];
  const path = rest
    .slice(0, at)
    .map((child) => source.of(child))
    .join('');
  const level = /^\.*/.exec(path)?.[0].length ?? 0;
  const names = rest.slice(at + 1);
  const star = names.some((child) => child.name === '*');
  return [{ kind: 'from', module: path.slice(level), level, names: star ? [] : importedNames(names, source), star, line }];
}

function conditional(node: Node, source: Source, line: number): Stmt {
  const branches: Branch[] = [];
  let otherwise: Stmt[] = [];
  let test: Node | undefined;
  let last = '';
  for (const child of children(node)) {
    if (child.name === 'if' || child.name === 'elif' || child.name === 'else') last = child.name;
    else if (child.name === 'Body') {
      if (last === 'else') otherwise = block(child, source);
      else if (test !== undefined) branches.push({ test: expression(test, source), body: block(child, source) });
    } else test = child;
  }
  return { kind: 'if', branches, otherwise, line };
}

function exceptionNames(nodes: readonly Node[], source: Source): string[] {
  const [type] = nodes;
  if (type === undefined) return [];
  return [...source.of(type).matchAll(/[\w.]+/g)].map((match) => match[0].split('.').at(-1) ?? '');
}

function attempt(node: Node, source: Source, line: number): Stmt {
  const handlers: Handler[] = [];
  const bodies: Record<string, Stmt[]> = {};
  let last = '';
  let between: Node[] = [];
  for (const child of children(node)) {
    if (['try', 'except', 'else', 'finally'].includes(child.name)) {
      last = child.name;
      between = [];
    } else if (child.name !== 'Body') between.push(child);
    else if (last === 'except') handlers.push({ caught: exceptionNames(between, source), body: block(child, source) });
    else bodies[last] = block(child, source);
  }
  return {
    kind: 'try',
    body: bodies['try'] ?? [],
    handlers,
    otherwise: bodies['else'] ?? [],
    last: bodies['finally'] ?? [],
    line,
  };
}

function parameters(list: Node | undefined, source: Source): Parameter[] {
  if (list === undefined) return [];
  const parts = children(list).filter((child) => child.name !== '(' && child.name !== ')');
  return splitAt(parts, ',').flatMap((group) => {
    const [name] = group;
    if (name?.name !== 'VariableName') return [];
    const at = group.findIndex((child) => child.name === 'AssignOp');
    const fallback = at < 0 ? undefined : group[at + 1];
    const base = { name: source.of(name) };
    return [fallback === undefined ? base : { ...base, fallback: expression(fallback, source) }];
  });
}

function definition(node: Node, source: Source, decorators: readonly Expr[], line: number): Stmt {
  const parts = children(node);
  const name = parts.find((child) => child.name === 'VariableName');
  return {
    kind: 'function',
    name: name === undefined ? '' : source.of(name),
    parameters: parameters(
      parts.find((child) => child.name === 'ParamList'),
      source,
    ),
    body: block(
      parts.find((child) => child.name === 'Body'),
      source,
    ),
    async: parts[0]?.name === 'async',
    decorators,
    line,
  };
}

function classDefinition(node: Node, source: Source, line: number): Stmt {
  const parts = children(node);
  const name = parts.find((child) => child.name === 'VariableName');
  const bases = parts.find((child) => child.name === 'ArgList');
  return {
    kind: 'class',
    name: name === undefined ? '' : source.of(name),
    bases: bases === undefined ? [] : argumentList(bases, source).args,
    body: block(
      parts.find((child) => child.name === 'Body'),
      source,
    ),
    line,
  };
}

function decorated(node: Node, source: Source, line: number): Stmt[] {
  const parts = children(node);
  const decorators = parts
    .filter((child) => child.name === 'Decorator')
    .flatMap((child) => children(child).filter((part) => part.name !== 'At' && part.name !== 'ArgList'))
    .map((child) => expression(child, source));
  return parts.flatMap((child) => {
    if (child.name === 'FunctionDefinition') return [definition(child, source, decorators, line)];
    return child.name === 'ClassDefinition' ? [classDefinition(child, source, line)] : [];
  });
}

/** `match x: case "a": …` reads as `if x == "a": …`; patterns that are no literal cannot be decided. */
function match(node: Node, source: Source, line: number): Stmt {
  const [, subject, body] = children(node);
  const branches: Branch[] = [];
  let otherwise: Stmt[] = [];
  const left = subject === undefined ? undefined : expression(subject, source);
  for (const clause of body === undefined ? [] : children(body).filter((child) => child.name === 'MatchClause')) {
    const [, pattern] = children(clause);
    const inside = block(
      children(clause).find((child) => child.name === 'Body'),
      source,
    );
    const literal = pattern?.name === 'LiteralPattern' ? pattern.firstChild : null;
    if (pattern !== undefined && source.of(pattern) === '_') otherwise = inside;
    else if (left !== undefined && literal !== null) {
      branches.push({ test: { kind: 'binary', operator: '==', left, right: expression(literal, source), line }, body: inside });
    } else
      branches.push({
        test: { kind: 'other', children: [], text: pattern === undefined ? '' : source.of(pattern), line },
        body: inside,
      });
  }
  return { kind: 'if', branches, otherwise, line };
}

function loop(node: Node, source: Source, line: number): Stmt {
  const parts = children(node);
  const at = parts.findIndex((child) => child.name === 'in');
  const body = parts.findIndex((child) => child.name === 'Body');
  const head = parts.slice(0, at).filter((child) => !KEYWORD.test(child.name));
  return {
    kind: 'for',
    targets: head.map((child) => expression(child, source)),
    iterable: sequence(parts.slice(at + 1, body), source, line),
    body: block(parts[body], source),
    line,
  };
}

function compound(node: Node, source: Source, line: number): Stmt {
  const parts = children(node);
  const bodies = parts.filter((child) => child.name === 'Body');
  const head = parts.filter((child) => child.name !== 'Body' && !KEYWORD.test(child.name));
  return {
    kind: 'block',
    head: head.map((child) => expression(child, source)),
    body: bodies.flatMap((child) => block(child, source)),
    line,
  };
}
