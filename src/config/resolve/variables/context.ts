import type { Arg } from '../../../core/command.js';
import type { Variable } from '../../../core/project.js';
import type { DatabaseChoice } from '../database.js';
import type { BeforeFacts, RedisAddress } from '../input.js';

/** What a variable's value is made from. */
export interface VariableContext extends BeforeFacts {
  readonly database: DatabaseChoice;
  /** Where a Redis runs for the app. */
  readonly redis?: RedisAddress;
  readonly workers: number;
}

/** Gives a value, or undefined where it is better left to the project's own default. */
export type Filler = (variable: Variable, context: VariableContext) => Arg | undefined;
