import type { Failure, Warning } from '../core/failure.js';
import type { Context } from '../flows/context.js';
import type { Flows } from './flows.js';
import type { Look } from './look.js';
import type { GlobalOptions } from './options.js';
import type { Surroundings } from './surroundings.js';

/** What the work of a command is given. */
export interface Session {
  readonly context: Context;
  readonly flows: Flows;
  readonly options: GlobalOptions;
  readonly surroundings: Surroundings;
  /** Standard output as a person sees it. */
  readonly out: Look;
  readonly err: Look;
  /** A command line to copy that means this app from this folder: `slipway logs -f -C shop`. */
  readonly again: (words: string) => string;
}

/** What the work of a command gives back. */
export interface Done {
  /** The fields of the JSON result. */
  readonly result: object;
  /** Lines for standard output: what one would pipe. Not with --json. */
  readonly out?: readonly string[];
  /** Lines for the person at the terminal. */
  readonly err?: readonly string[];
  readonly warnings?: readonly Warning[];
  /** The command did its work, and what it found makes it fail. */
  readonly failure?: Failure;
  /** Where the command passes another program's exit code on. */
  readonly exitCode?: number;
}

export type Work = (session: Session) => Promise<Done>;

export interface Manner {
  /** The folder given as an argument. */
  readonly directory?: string | undefined;
  /** Its events are kept in a journal. */
  readonly changesThings?: boolean;
  /** The terminal belongs to a program that runs on it: no progress is shown, and Ctrl-C is that program's. */
  readonly passesTerminal?: boolean;
  /** Values that must never be shown. */
  readonly secrets?: readonly string[];
}
