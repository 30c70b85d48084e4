import type { VariableType } from '../../core/project.js';
import type { Value } from './value.js';

/** Whether a statement is reached when the settings are loaded with no variable set. */
export type Certainty = 'sure' | 'maybe' | 'never';

/** One environment variable as the settings read it, all readings together. */
export interface Read {
  readonly name: string;
  readonly from: string;
  required: boolean;
  fallback?: string;
  type: VariableType;
  separator?: string;
  /** What its parsing takes for false, where that is not a word for it. */
  off?: string;
  /** Settings it ends in, first first. */
  readonly settings: string[];
}

/** A text in the settings, and the setting it is in. */
export interface SettingText {
  readonly setting: string;
  readonly value: string;
  readonly from: string;
  readonly certainty: Certainty;
}

export interface ImportedModule {
  readonly module: string;
  readonly from: string;
  readonly certainty: Certainty;
  /** In a `try` that catches it. */
  readonly guarded: boolean;
}

/** What reading the settings in order, without running them, brought to light. */
export interface Outcome {
  /** Files read, in order. */
  readonly files: string[];
  readonly reads: Map<string, Read>;
  readonly texts: SettingText[];
  /** Modules from outside the project. */
  readonly imports: ImportedModule[];
  /** Modules of the project that the tree lacks; `path` is the file that would be it. */
  readonly missing: (ImportedModule & { readonly path: string })[];
  /** Upper-case names as they end up, where that can be known. */
  readonly settings: Map<string, { readonly value: Value | undefined; readonly from: string }>;
  /** Files opened by a literal name. */
  readonly opened: { readonly name: string; readonly from: string; readonly certainty: Certainty; readonly guarded: boolean }[];
  /** Calls that load a `.env` file. */
  readonly dotenv: string[];
}

export const emptyOutcome = (): Outcome => ({
  files: [],
  reads: new Map(),
  texts: [],
  imports: [],
  missing: [],
  settings: new Map(),
  opened: [],
  dotenv: [],
});
