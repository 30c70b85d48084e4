/** One line of the table. Text of `failing` is what the user gets, or the check that does not hold. */
export interface Row {
  readonly project: string;
  readonly repository: string;
  /** Hash of the commit that was tried; null where the checkout is no git repository. */
  readonly commit: string | null;
  readonly result: 'live' | 'live with slipway.yml' | 'failed' | 'absent';
  readonly seconds: number;
  readonly detected: readonly string[];
  /** Settings that were held. */
  readonly overridden: readonly string[];
  readonly warnings: readonly string[];
  readonly failing: readonly string[];
  readonly notes: readonly string[];
  /** What did not hold with nothing given, where a slipway.yml mended it. */
  readonly withNothing?: readonly string[];
  /** What was added to the slipway.yml that `init` proposed. */
  readonly config?: string;
  /** The day it was tried. */
  readonly tried?: string;
  readonly proposed?: Proposed;
}

/** A copy of the project with the slipway.yml that `init --yes` writes, its blanks filled in. */
export interface Proposed {
  readonly result: 'live' | 'failed';
  readonly seconds: number;
  readonly failing: readonly string[];
  /** Names of the blanks that were filled in. */
  readonly filled: readonly string[];
  /** The second `up`, of a changed file, while its page was asked for all the time. */
  readonly again?: Again;
}

export interface Again {
  readonly seconds: number;
  readonly requests: number;
}

export const absent = (project: string, repository: string): Row => ({
  project,
  repository,
  commit: null,
  result: 'absent',
  seconds: 0,
  detected: [],
  overridden: [],
  warnings: [],
  failing: [],
  notes: [],
});
