import type { Reporter } from '../core/event.js';
import type { Host } from '../core/host.js';

/** What every flow is given. Flows compose; they never print, prompt or exit. */
export interface Context {
  /** Absolute path the user pointed at. */
  readonly directory: string;
  readonly environment: string;
  /** Root of all state: SLIPWAY_HOME, else the XDG state directory. Absolute. */
  readonly home: string;
  readonly host: Host;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** `--yes` or an answer from the terminal; without either, false. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Asks at the terminal for what is not shown while it is typed; absent where nobody is there to answer. */
  readonly askHidden?: (question: string) => Promise<string>;
}
