import type { Context } from '../flows/context.js';
import type {
  CheckResult,
  DeployResult,
  DoctorEntry,
  JournalEntry,
  LogLine,
  PlanResult,
  ReleaseEntry,
  RemoveResult,
  RunResult,
  StatusResult,
  UpResult,
  VerifyResult,
} from '../flows/results.js';

export interface UpOptions {
  readonly port?: number;
  readonly httpPort?: number;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; later ones win. */
  readonly envFiles: readonly string[];
  readonly superuser?: string;
}

export interface DeployOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; later ones win. */
  readonly envFiles: readonly string[];
  readonly release?: string;
}

export interface LogsOptions {
  readonly process?: string;
  readonly follow: boolean;
  readonly lines: number;
}

export interface Place {
  readonly app: string;
  readonly environment: string;
}

/** What the commands ask to be done. Each is one file of `src/flows`, loaded when it is wanted and not before. */
export interface Flows {
  up(context: Context, options: UpOptions): Promise<UpResult>;
  deploy(context: Context, options: DeployOptions): Promise<DeployResult>;
  plan(context: Context): Promise<PlanResult>;
  down(context: Context, options: { readonly deleteData: boolean }): Promise<Place & { readonly release: string | null }>;
  status(context: Context): Promise<StatusResult>;
  releases(context: Context): Promise<Place & { readonly releases: readonly ReleaseEntry[] }>;
  rollback(context: Context, release?: string): Promise<UpResult>;
  verify(context: Context): Promise<VerifyResult>;
  logs(context: Context, options: LogsOptions, onLine: (line: LogLine) => void): Promise<Place>;
  exec(context: Context, argv: readonly string[], host?: string): Promise<number>;
  run(
    context: Context,
    argv: readonly string[],
    options: { readonly detach: boolean },
    onLine: (line: string) => void,
  ): Promise<RunResult>;
  remove(context: Context, options: { readonly deleteData: boolean }): Promise<RemoveResult>;
  history(context: Context, options: { readonly lines: number }): Promise<Place & { readonly entries: readonly JournalEntry[] }>;
  check(context: Context): Promise<CheckResult>;
  doctor(context: Context): Promise<{ readonly entries: readonly DoctorEntry[] }>;
  init(
    context: Context,
    options: { readonly force: boolean },
  ): Promise<{ readonly path: string; readonly text: string; readonly changed: boolean }>;
  trust(context: Context): Promise<{ readonly ca: string; readonly installed: boolean; readonly message: string }>;
  secretsSet(context: Context, secret: { readonly name: string; readonly value: string }): Promise<Place>;
  secretsList(context: Context): Promise<Place & { readonly secrets: readonly string[] }>;
  secretsUnset(context: Context, secret: { readonly name: string }): Promise<Place & { readonly existed: boolean }>;
}
