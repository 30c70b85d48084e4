import type { GivenVariables } from './decide.js';

/** What a user can say with `up`. */
export interface UpOptions extends GivenVariables {
  readonly port?: number;
  readonly httpPort?: number;
  /** Name of a first superuser to make, where there is none of that name. */
  readonly superuser?: string;
}
