import type { Reporter } from '../core/event.js';

/** Shows events to a person for as long as one command runs. */
export interface Display {
  readonly report: Reporter;
  /** Clears what is redrawn, so that something else can be written: a question, a line of a log. */
  suspend(): void;
  /** The command is over; a stage that was not finished is told as failed, or as stopped. */
  end(how: 'ok' | 'failed' | 'stopped'): void;
}

export interface DisplayOptions {
  readonly write: (text: string) => void;
  /** Lines that the steps' programs print, too. */
  readonly verbose: boolean;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}
