import type { SettingType } from './facts.js';
import type { Json } from './plan.js';

/**
 * A setting held while the project's settings run.
 * `hold`: this value, from the first line to the last. `default`: only where the project sets none.
 * `merge`: deep-merged into the project's dict (a key whose value is null is removed), or into the dicts of its list by place (`{"0": {…}}`). `extend`: items added to the project's list where absent.
 * `prepend`: items put in front where absent.
 */
export interface Pin {
  readonly name: string;
  readonly op: 'hold' | 'default' | 'merge' | 'extend' | 'prepend';
  readonly value: Json;
  /** The type of the project's own value, so that a Path stays a Path and a tuple a tuple. */
  readonly type?: SettingType;
  /** Why, in a sentence a person reads in `check`. */
  readonly reason: string;
}
