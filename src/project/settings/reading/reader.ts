import type { Expr, Stmt } from '../../python/ast.js';
import type { Sources } from '../../sources.js';
import type { Certainty, Outcome } from '../outcome.js';
import type { Modules } from '../resolve.js';
import type { Scope } from '../scope.js';

/** Where a statement stands: how sure it is that it runs, and what becomes of what it computes. */
export interface Place {
  readonly certainty: Certainty;
  /** In a `try` whose handlers go on without what failed. */
  readonly guarded: boolean;
  /** Imports may fail here. */
  readonly optionalImport: boolean;
  /** The setting that gets the value; '' in modules that hold no settings. */
  readonly setting?: string;
  /** Inside the arguments of a call, so that a value goes into the setting only in part. */
  readonly inCall: boolean;
  /** Put before every name that an `env` object reads: `with env.prefixed("SHOP_")`. */
  readonly prefix: string;
}

export const TOP: Place = { certainty: 'sure', guarded: false, optionalImport: false, inCall: false, prefix: '' };

/** Whether a block is gone through to its end, or returned from. */
export type Flow = 'on' | 'left' | 'perhaps left';

/** One reading of the settings: what is noted, and how to go on into what is met. */
export interface Reader {
  readonly sources: Sources;
  readonly outcome: Outcome;
  readonly modules: Modules;
  /** The class of django-configurations in use. */
  readonly configuration: string | undefined;
  /** How often a function was gone into. */
  readonly called: Map<Stmt, number>;
  /** Reads a file once; names it assigns are settings only where it is part of them. */
  module(path: string, role: 'settings' | 'import', place: Place): Scope | undefined;
  block(body: readonly Stmt[], scope: Scope, place: Place): Flow;
  expression(expr: Expr, scope: Scope, place: Place): void;
}
