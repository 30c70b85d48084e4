import type { DependencyManager } from '../../core/project.js';
import type { Packages } from './packages.js';

/** One way the tree offers to install what the project needs. */
export interface Option {
  readonly manager: DependencyManager;
  readonly directory: string;
  readonly files: readonly string[];
  readonly inputs: readonly string[];
  readonly packages: Packages;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** PEP 440, from the lock or manifest, with the file that says it. */
  readonly python: readonly { readonly value: string; readonly from: string }[];
  /** Higher is better. */
  readonly rank: number;
  readonly why: string;
  readonly hints: readonly string[];
}

export const option = (fields: Partial<Option> & Pick<Option, 'manager' | 'directory' | 'files' | 'rank' | 'why'>): Option => ({
  inputs: fields.files,
  packages: new Map(),
  groups: [],
  extras: [],
  python: [],
  hints: [],
  ...fields,
});
