/** Who can mend it decides how it is shown and what the process exits with. */
export type FailureKind =
  | 'usage'
  | 'config'
  | 'project'
  | 'environment'
  | 'connection'
  | 'remote'
  | 'conflict'
  | 'cancelled'
  | 'bug';

export const EXIT_CODE: Readonly<Record<FailureKind, number>> = {
  bug: 1,
  usage: 2,
  config: 3,
  project: 4,
  environment: 5,
  connection: 6,
  remote: 7,
  conflict: 8,
  cancelled: 130,
};

export interface FailureDetails {
  /** What to do now; a command to copy wherever one exists. */
  readonly hint?: string;
  /** Supporting text: log lines, a trace-back cut to the project's frames, the source line. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/** A foreseen error. `code` is stable, upper case with underscores, and has a page in `docs/errors/`. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly hint?: string;
  readonly detail?: string;

  constructor(
    readonly code: string,
    readonly kind: FailureKind,
    message: string,
    details: FailureDetails = {},
  ) {
    super(message, { cause: details.cause });
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.detail !== undefined) this.detail = details.detail;
  }

  /** Anything not foreseen is our bug, and is shown as one; an abort is a cancellation. */
  static from(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (error instanceof Error && error.name === 'AbortError') {
      return new Failure('CANCELLED', 'cancelled', 'Stopped on request');
    }
    return new Failure('BUG', 'bug', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Something worth saying that stops nothing. `code` is stable, lower case with dashes. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
