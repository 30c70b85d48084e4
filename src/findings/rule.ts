import type { Evidence } from './evidence.js';

export type Severity = 'error' | 'warning' | 'info';

/** One thing that is wrong, as `check` tells it. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  /** The mend. */
  readonly hint: string;
  /** `project/settings.py:12`; '' where it is nowhere in particular. */
  readonly where: string;
  /** True where `up` already holds it right. */
  readonly handled: boolean;
}

/** What a rule saw. The severity is the rule's own unless the case is milder or worse. */
export interface Hit {
  readonly message: string;
  readonly hint: string;
  readonly where?: string;
  readonly handled?: boolean;
  readonly severity?: Severity;
}

/** One kind of finding. Pure: the same evidence on the same day gives the same hits. */
export interface Rule {
  /** `area.name`; stable. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in a few words: the title of its page. */
  readonly title: string;
  readonly page: Page;
  readonly find: (evidence: Evidence, today: string) => readonly Hit[];
}

/** What its page in docs/findings says; Markdown. */
export interface Page {
  /** What it is. */
  readonly what: string;
  /** What an attacker or an outage makes of it. */
  readonly risk: string;
  /** The mend. */
  readonly mend: string;
  /** What `slipway up` does about it; absent: nothing. */
  readonly slipway?: string;
}
