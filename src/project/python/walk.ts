import type { Expr, Stmt } from './ast.js';

/** The expressions directly inside one. */
export function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'member':
      return [expr.object];
    case 'index':
      return [expr.object, expr.index];
    case 'call':
      return [expr.callee, ...expr.args, ...expr.keywords.map((keyword) => keyword.value)];
    case 'list':
    case 'tuple':
    case 'set':
      return expr.items;
    case 'dict':
      return [...expr.entries.flatMap((entry) => [entry.key, entry.value]), ...expr.spread];
    case 'binary':
      return [expr.left, expr.right];
    case 'not':
      return [expr.operand];
    case 'conditional':
      return [expr.test, expr.whenTrue, expr.whenFalse];
    case 'bind':
      return [expr.value];
    case 'fstring':
      return expr.parts.filter((part) => typeof part !== 'string');
    case 'other':
      return expr.children;
    default:
      return [];
  }
}

/** An expression and everything inside it, outermost first. */
export function* within(expr: Expr): Generator<Expr> {
  yield expr;
  for (const part of parts(expr)) yield* within(part);
}

/** The expressions a statement holds itself, without those of the statements inside it. */
export function expressionsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case 'assign':
      return [...stmt.targets, stmt.value];
    case 'update':
      return [stmt.target, stmt.value];
    case 'if':
      return stmt.branches.map((branch) => branch.test);
    case 'function':
      return stmt.decorators;
    case 'class':
      return stmt.bases;
    case 'for':
      return [stmt.iterable];
    case 'block':
      return stmt.head;
    case 'return':
    case 'expression':
    case 'raise':
    case 'assert':
      return stmt.values;
    default:
      return [];
  }
}

/** The statements directly inside one. */
export function bodyOf(stmt: Stmt): readonly Stmt[] {
  switch (stmt.kind) {
    case 'if':
      return [...stmt.branches.flatMap((branch) => branch.body), ...stmt.otherwise];
    case 'try':
      return [...stmt.body, ...stmt.handlers.flatMap((handler) => handler.body), ...stmt.otherwise, ...stmt.last];
    case 'function':
    case 'class':
    case 'for':
    case 'block':
      return stmt.body;
    default:
      return [];
  }
}

/** Every statement, in source order, with those nested in it. */
export function* allStatements(body: readonly Stmt[]): Generator<Stmt> {
  for (const stmt of body) {
    yield stmt;
    yield* allStatements(bodyOf(stmt));
  }
}

/** Every expression of a module, nested ones too. */
export function* allExpressions(body: readonly Stmt[]): Generator<Expr> {
  for (const stmt of allStatements(body)) {
    for (const expr of expressionsOf(stmt)) yield* within(expr);
  }
}

/** `os.environ.get` for names and members of names; undefined for anything else. */
export function dotted(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind !== 'member') return undefined;
  const object = dotted(expr.object);
  return object === undefined ? undefined : `${object}.${expr.name}`;
}
