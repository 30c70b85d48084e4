import type { Command, Request, SecretRef } from './command.js';
import type { Expectation } from './expectation.js';

/** Every deployment, on every target, passes through the same stages in this order. */
export const STAGES = ['build', 'prepare', 'migrate', 'start', 'switch', 'verify', 'clean'] as const;
export type Stage = (typeof STAGES)[number];

/** JSON in which a secret may stand for a string; resolved where it is written. */
export type Json = null | boolean | number | string | SecretRef | readonly Json[] | { readonly [key: string]: Json };

/** A question about the world. A command speaks diff(1): 0 same, 1 different, anything else not known yet. A request is same when it succeeds, else different. */
export type Check =
  | { readonly command: Command }
  | { readonly request: Request }
  | { readonly exists: string | readonly string[] }
  /** Both files are there and hold the same. */
  | { readonly alike: readonly [string, string] };

/** What a file holds: text, JSON with secrets in it, or one secret and nothing else. */
export type Content = string | SecretRef | { readonly json: Json };

/** Whether waiting for something makes sense. */
export interface Alive {
  /** Ends with 1 where it does not. */
  readonly command: Command;
  /** How many worker processes there are to be, where the command prints the process id of each, one a line: a supervisor may start them again for ever. */
  readonly workers?: number;
}

/** Where a program says what it is doing: a file, or a command that prints the last lines of it (journalctl). */
export type Log = string | Command;

/** The closed set of things the engine can do to the world. */
export type Action =
  | { readonly kind: 'run'; readonly command: Command; readonly check?: Check }
  | { readonly kind: 'file'; readonly path: string; readonly content: Content; readonly mode?: number }
  | {
      /** Make `to` hold the named files of `from`, a folder on the machine Slipway runs on. */
      readonly kind: 'sync';
      readonly from: string;
      readonly to: string;
      /** Relative to `from`. */
      readonly files: readonly string[];
      /** An earlier copy, and which of the files it holds with the same content: those are hard-linked. */
      readonly like?: { readonly folder: string; readonly unchanged: readonly string[] };
    }
  | { readonly kind: 'folder'; readonly path: string; readonly mode?: number }
  /** Replaced by rename, so that a reader sees the old one or the new one. */
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'request'; readonly request: Request; readonly check?: Check }
  /** Ask once and judge the answer; changes nothing. */
  | {
      readonly kind: 'expect';
      readonly request: Request;
      readonly expectation: Expectation;
      readonly log?: readonly Log[];
      readonly code?: string;
    }
  /** Ask until the answer is yes. `alive` is asked in between: when it says no, waiting is pointless. */
  | {
      readonly kind: 'wait';
      readonly until: Check;
      readonly alive?: Alive;
      readonly timeoutSeconds: number;
      readonly log?: readonly Log[];
      /** Folder of the project's code: of trace-backs in the log, its frames are told. */
      readonly code?: string;
    };

export interface Step {
  /** Unique in its plan; lower case, dots between parts: `start.web`. */
  readonly id: string;
  /** What a person reads while it runs: `web ×2 (gunicorn)`. */
  readonly title: string;
  readonly stage: Stage;
  readonly host: string;
  readonly action: Action;
  /** Steps of the same stage and host that share a lane run in order; lanes run side by side. Default: one lane. */
  readonly lane?: string;
  /** How a failure of this step is told: the code, whose it is, and what to do. Default: a remote failure. */
  readonly failure?: {
    readonly code: string;
    readonly kind: 'project' | 'environment' | 'remote' | 'conflict';
    readonly message: string;
    readonly hint?: string;
  };
}

/** What a dry run found out about a step; `unknown` is decided when its turn comes. */
export type Change =
  | { readonly kind: 'same' }
  | { readonly kind: 'change'; readonly diff?: string }
  | { readonly kind: 'unknown' };

export interface Plan {
  readonly target: string;
  readonly release: string;
  readonly steps: readonly (Step & { readonly change: Change })[];
}
