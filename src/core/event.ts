import type { Failure, Warning } from './failure.js';
import type { Plan, Stage } from './plan.js';

/** Everything anyone sees. Reporters are functions of these. */
export type Event =
  /** One line that names the app: `shop   Django 5.2 · Python 3.12 · …`. */
  | { readonly type: 'app'; readonly name: string; readonly summary: readonly string[] }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'stage'; readonly stage: Stage }
  /** A stage is over; `summary` is what it did, in a few words: `28 migrations`. */
  | { readonly type: 'stage-done'; readonly stage: Stage; readonly summary: string; readonly seconds: number }
  | { readonly type: 'started'; readonly step: string; readonly host: string; readonly title: string }
  | { readonly type: 'output'; readonly step: string; readonly host: string; readonly line: string }
  | {
      readonly type: 'same' | 'done';
      readonly step: string;
      readonly host: string;
      readonly seconds: number;
      /** How long the host itself took for a link, without the way there: the switch is one. */
      readonly hostMs?: number;
    }
  | { readonly type: 'failed'; readonly step: string; readonly host: string; readonly failure: Failure }
  | { readonly type: 'warning'; readonly warning: Warning }
  /** A sentence for people that belongs to no step: `waiting for another deploy …`. */
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'finished'; readonly outcome: Outcome };

/** `broken`: the new release was switched on and did not hold; `stopped`: nothing live was touched. */
export type Outcome = 'ok' | 'stopped' | 'broken';

export type Reporter = (event: Event) => void;
