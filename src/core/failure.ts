import { quote } from './command.js';

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

/** What the project cannot go without and only its owner has: `slipway init` leaves a blank for it. */
export type Want =
  | { readonly kind: 'variable'; readonly name: string; readonly from: string }
  | {
      readonly kind: 'file';
      /** Where in the project, relative to its root. */
      readonly path: string;
      readonly from: string;
    }
  | {
      readonly kind: 'index';
      /** Without a log-in; absent where only the package is known. */
      readonly url?: string;
      readonly from: string;
    };

export interface FailureDetails {
  /** What to do now; a command to copy wherever one exists. */
  readonly hint?: string;
  /** Supporting text: log lines, a trace-back cut to the project's frames, the source line. */
  readonly detail?: string;
  readonly cause?: unknown;
  readonly wants?: Want;
}

/** A foreseen error. `code` is stable, upper case with underscores, and has a page in `docs/errors/`. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly hint?: string;
  readonly detail?: string;
  readonly wants?: Want;

  constructor(
    readonly code: string,
    readonly kind: FailureKind,
    message: string,
    details: FailureDetails = {},
  ) {
    super(message, { cause: details.cause });
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.detail !== undefined) this.detail = details.detail;
    if (details.wants !== undefined) this.wants = details.wants;
  }

  /** Anything not foreseen is our bug, and is shown as one; an abort is a cancellation, a full disk is its owner's. */
  static from(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (error instanceof Error && error.name === 'AbortError') {
      return new Failure('CANCELLED', 'cancelled', 'Stopped on request');
    }
    return (
      pathFailure(error) ?? new Failure('BUG', 'bug', error instanceof Error ? error.message : String(error), { cause: error })
    );
  }
}

/**
 * Whose fault a failed read or write is, in the words of the one who must mend it; undefined for an error that tells nothing of a disk or of
 * rights. @param path what was to be read or written; default: what Node's error names
 */
export function pathFailure(error: unknown, path?: string): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const where = path ?? ('path' in error && typeof error.path === 'string' ? error.path : undefined);
  const folder = quote(where?.replace(/\/[^/]*$/, '') || '/');
  switch (error.code) {
    case 'ENOSPC':
      return new Failure('DISK_FULL', 'environment', `No space left for ${where ?? 'a file'}`, {
        hint: `df -h ${folder}`,
        cause: error,
      });
    case 'EDQUOT':
      return new Failure('DISK_FULL', 'environment', `The disk quota is used up: ${where ?? 'a file'}`, {
        hint: 'quota -s',
        cause: error,
      });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      if (where === undefined) return undefined;
      return new Failure('NOT_WRITABLE', 'environment', `${where} cannot be written or read`, {
        hint: `ls -ld ${folder}   # or choose another place: SLIPWAY_HOME=/path slipway …`,
        cause: error,
      });
    default:
      return undefined;
  }
}

/** Something worth saying that stops nothing. `code` is stable, lower case with dashes. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
