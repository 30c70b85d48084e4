/** A Python expression, as far as reading settings needs it. `line` counts from 1. */
export type Expr = { readonly line: number } & (
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly object: Expr; readonly name: string }
  | { readonly kind: 'index'; readonly object: Expr; readonly index: Expr }
  | { readonly kind: 'call'; readonly callee: Expr; readonly args: readonly Expr[]; readonly keywords: readonly Keyword[] }
  | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expr[] }
  | { readonly kind: 'dict'; readonly entries: readonly Entry[]; readonly spread: readonly Expr[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'not'; readonly operand: Expr }
  | { readonly kind: 'conditional'; readonly test: Expr; readonly whenTrue: Expr; readonly whenFalse: Expr }
  | { readonly kind: 'bind'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'fstring'; readonly parts: readonly (string | Expr)[] }
  | { readonly kind: 'other'; readonly children: readonly Expr[]; readonly text: string }
);

export interface Keyword {
  readonly name: string;
  readonly value: Expr;
}

export interface Entry {
  readonly key: Expr;
  readonly value: Expr;
}

export interface Parameter {
  readonly name: string;
  readonly fallback?: Expr;
}

export type Stmt = { readonly line: number } & (
  | { readonly kind: 'assign'; readonly targets: readonly Expr[]; readonly value: Expr; readonly annotation?: string }
  | { readonly kind: 'update'; readonly target: Expr; readonly operator: string; readonly value: Expr }
  /** A field without value: `name: str` in a class. */
  | { readonly kind: 'declare'; readonly name: string; readonly annotation: string }
  | { readonly kind: 'import'; readonly modules: readonly ImportedName[] }
  | {
      readonly kind: 'from';
      readonly module: string;
      /** Leading dots. */
      readonly level: number;
      readonly names: readonly ImportedName[];
      readonly star: boolean;
    }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Stmt[] }
  | {
      readonly kind: 'try';
      readonly body: readonly Stmt[];
      readonly handlers: readonly Handler[];
      readonly otherwise: readonly Stmt[];
      readonly last: readonly Stmt[];
    }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly parameters: readonly Parameter[];
      readonly body: readonly Stmt[];
      readonly async: boolean;
      readonly decorators: readonly Expr[];
    }
  | { readonly kind: 'class'; readonly name: string; readonly bases: readonly Expr[]; readonly body: readonly Stmt[] }
  | { readonly kind: 'for'; readonly targets: readonly Expr[]; readonly iterable: Expr; readonly body: readonly Stmt[] }
  | { readonly kind: 'block'; readonly head: readonly Expr[]; readonly body: readonly Stmt[] }
  | { readonly kind: 'return' | 'expression' | 'raise' | 'assert'; readonly values: readonly Expr[] }
);

export interface ImportedName {
  readonly name: string;
  readonly as: string;
}

export interface Branch {
  readonly test: Expr;
  readonly body: readonly Stmt[];
}

/** `caught` is empty for a bare `except:`. */
export interface Handler {
  readonly caught: readonly string[];
  readonly body: readonly Stmt[];
}

export interface Module {
  /** Relative to the project's root. */
  readonly path: string;
  readonly body: readonly Stmt[];
  /** Line of the first thing that is no Python; the rest was read as far as it could be. */
  readonly brokenAt?: number;
}
