import type { Warning } from '../core/failure.js';
import type { Found } from '../core/found.js';
import type { Change, Stage } from '../core/plan.js';
import type { Proof } from '../targets/server/edge-tally.js';

/** The last line of every command's `--json`, less what the reporter adds (`type`, `time`, `ok`, `command`). */
export interface UpResult {
  readonly app: string;
  readonly environment: string;
  readonly release: string;
  readonly url: string;
  /** Path of the CA certificate, PEM; null where the authority is a public one. */
  readonly ca: string | null;
  readonly changed: boolean;
  readonly seconds: number;
  readonly warnings: readonly Warning[];
}

/** What `deploy` tells. */
export interface DeployResult {
  readonly app: string;
  readonly environment: string;
  readonly release: string;
  readonly url: string;
  readonly changed: boolean;
  readonly seconds: number;
  readonly hosts: readonly HostResult[];
  readonly warnings: readonly Warning[];
}

export interface HostResult {
  readonly host: string;
  readonly release: string;
  /** How long the host took to move the traffic, in ms. */
  readonly renameMs?: number | null;
  /** What requests met that went through the edge during the switch. */
  readonly probe?: Proof | null;
}

/** What `plan` tells: every step with what it would change. */
export interface PlanResult {
  readonly app: string;
  readonly environment: string;
  /** Where the release is made. */
  readonly host: string;
  readonly hosts: readonly string[];
  /** Live now. */
  readonly release: string | null;
  readonly steps: readonly PlannedStep[];
  /** What a deployment would fail on, and what is worth knowing before it. */
  readonly warnings: readonly Warning[];
}

export interface PlannedStep {
  readonly id: string;
  readonly title: string;
  readonly stage: Stage;
  readonly host: string;
  readonly change: Change;
}

export interface ProcessStatus {
  readonly name: string;
  readonly kind: string;
  readonly command: string;
  readonly pid: number | null;
  readonly state: 'running' | 'starting' | 'stopping' | 'stopped' | 'failed' | 'backoff';
  /** RFC 3339. */
  readonly since: string | null;
  readonly release: string | null;
  readonly restarts: number;
  /** Where there are several. */
  readonly host?: string;
}

export interface ServiceStatus {
  readonly name: string;
  readonly kind: string;
  readonly version: string | null;
  readonly state: 'running' | 'stopped' | 'failed';
  readonly address: string;
}

/** What visitors of a server are shown. */
export interface CertificateStatus {
  readonly host: string;
  /** `temporary`: of our own making, until the authority gives one. */
  readonly kind: 'acme' | 'own' | 'temporary';
  /** RFC 3339. */
  readonly until: string;
  /** Whole days that are left; below zero where it has expired. */
  readonly days: number;
}

export interface StatusResult {
  readonly app: string;
  readonly environment: string;
  readonly state: 'up' | 'down' | 'never up';
  /** What is live; null while nothing runs. */
  readonly release: string | null;
  /** What was live last, and what `up` starts again. */
  readonly last: string | null;
  readonly url: string | null;
  readonly ca: string | null;
  readonly processes: readonly ProcessStatus[];
  readonly services: readonly ServiceStatus[];
  /** Each host with what is live there, where there are several. */
  readonly hosts?: readonly { readonly host: string; readonly release: string | null; readonly problem?: string }[];
  /** On servers: of each web host. */
  readonly certificates?: readonly CertificateStatus[];
  /** On servers: files of Slipway's making that somebody has changed by hand. */
  readonly drift?: readonly Drift[];
}

/** What `run` tells. */
export interface RunResult {
  readonly app: string;
  readonly environment: string;
  readonly release: string;
  /** For `logs`: `run-3f9c2e1a`. */
  readonly process: string;
  readonly exitCode: number;
  /** It may be at work still. */
  readonly detached: boolean;
}

/** What `remove` tells. */
export interface RemoveResult {
  readonly app: string;
  readonly environment: string;
  /** What was live; null where nothing was. */
  readonly release: string | null;
  readonly hosts: readonly string[];
  readonly dataDeleted: boolean;
}

/** One line of an app's journal: who did what to it, when, and with what outcome. */
export interface JournalEntry {
  /** RFC 3339, when it began. */
  readonly time: string;
  readonly who: string;
  readonly command: string;
  readonly ok: boolean;
  /** Code of the failure. */
  readonly error?: string;
  /** What is live after it; what was before. */
  readonly release?: string;
  readonly before?: string;
  readonly commit?: string;
  readonly dirty?: boolean;
  readonly seconds: number;
  /** Steps that changed something, of all that were looked at. */
  readonly changes: number;
  readonly steps: number;
  /** What each stage has told of itself: `28 migrations`, `120 requests, 0 failed, p99 31 ms`. */
  readonly figures: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

export interface Drift {
  readonly host: string;
  /** As the app is called there. */
  readonly app: string;
  readonly path: string;
  readonly how: 'changed' | 'missing' | 'added';
}

export interface VerifyCheck {
  /** What must be so: `HTTP leads to HTTPS`. */
  readonly name: string;
  readonly ok: boolean;
  /** What was seen instead; absent when ok. */
  readonly problem?: string;
}

export interface VerifyResult {
  readonly app: string;
  readonly environment: string;
  readonly release: string;
  readonly checks: readonly VerifyCheck[];
}

export interface ReleaseEntry {
  readonly release: string;
  readonly current: boolean;
  /** RFC 3339. */
  readonly created: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  /** Of the last switch to it, on a server: how long the host took to move the traffic, in ms. */
  readonly renameMs?: number | null;
  /** What requests met that went through the edge during that switch. */
  readonly probe?: Proof | null;
}

export interface LogLine {
  /** RFC 3339. */
  readonly time: string;
  readonly process: string;
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  /** `project/settings.py:12`; '' where it is nowhere in particular. */
  readonly where: string;
  /** True where `up` already holds it right. */
  readonly handled: boolean;
}

export interface Override {
  readonly setting: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly app: string;
  /** Every detected value by name. */
  readonly project: Readonly<Record<string, Found<unknown>>>;
  readonly findings: readonly Finding[];
  readonly overrides: readonly Override[];
  readonly warnings: readonly Warning[];
}

export interface DoctorEntry {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly neededBy: string;
  /** The command that installs it; '' when ok. */
  readonly mend: string;
}
