import type { Expr, Stmt } from '../python/ast.js';
import { type Binding, lookup, type Scope } from './scope.js';

/** Gives the names of a module of the project, reading it first where that has not happened. */
export type Modules = (path: string) => Scope | undefined;

/** What a name or a member of a name stands for. */
export function resolve(expr: Expr, scope: Scope, modules: Modules): Binding | undefined {
  if (expr.kind === 'name') return lookup(scope, expr.name);
  if (expr.kind !== 'member') return undefined;
  const object = resolve(expr.object, scope, modules);
  switch (object?.kind) {
    case 'external':
      return { kind: 'external', name: `${object.name}.${expr.name}` };
    case 'module':
      return modules(object.path)?.names.get(expr.name);
    case 'class':
      return method(object.stmt.body, expr.name, object.scope);
    default:
      return undefined;
  }
}

function method(body: readonly Stmt[], name: string, scope: Scope): Binding | undefined {
  const stmt = body.find((one) => one.kind === 'function' && one.name === name);
  return stmt?.kind === 'function' ? { kind: 'function', stmt, scope } : undefined;
}

/** The dotted name of something outside the project: `os.environ.get`. */
export function external(expr: Expr, scope: Scope, modules: Modules): string | undefined {
  const binding = resolve(expr, scope, modules);
  return binding?.kind === 'external' ? binding.name : undefined;
}
