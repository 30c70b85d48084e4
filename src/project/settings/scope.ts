import type { VariableType } from '../../core/project.js';
import type { Expr, Stmt } from '../python/ast.js';
import type { Value } from './value.js';

export type FunctionStmt = Extract<Stmt, { kind: 'function' }>;
export type ClassStmt = Extract<Stmt, { kind: 'class' }>;

/** What a name stands for. */
export type Binding =
  /** Something outside the project: `os.environ`, `decouple.config`. */
  | { readonly kind: 'external'; readonly name: string }
  | { readonly kind: 'module'; readonly path: string }
  | { readonly kind: 'function'; readonly stmt: FunctionStmt; readonly scope: Scope }
  | { readonly kind: 'class'; readonly stmt: ClassStmt; readonly scope: Scope }
  /** A reader object of django-environ or environs. */
  | { readonly kind: 'env'; readonly library: 'environ' | 'environs'; readonly scheme: ReadonlyMap<string, SchemeEntry> }
  /** The environment laid over defaults: `{**DEFAULTS, **os.environ}`. */
  | { readonly kind: 'overlay'; readonly defaults: ReadonlyMap<string, Expr> }
  | BoundValue;

export interface BoundValue {
  readonly kind: 'value';
  readonly value: Value | undefined;
  /** Environment variables it was computed from. */
  readonly variables: readonly string[];
}

/** One entry of `environ.Env(DEBUG=(bool, False))`. */
export interface SchemeEntry {
  readonly type: VariableType;
  readonly fallback?: Expr;
}

/** The names of one module, or of one function called in it. */
export interface Scope {
  /** File, relative to the root. */
  readonly path: string;
  readonly names: Map<string, Binding>;
  readonly outer?: Scope;
}

export function lookup(scope: Scope, name: string): Binding | undefined {
  return scope.names.get(name) ?? (scope.outer === undefined ? undefined : lookup(scope.outer, name));
}
