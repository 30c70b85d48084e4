import type { Arg, Env } from './command.js';
import type { Pin } from './pin.js';
import type { ProcessKind, ServiceKind } from './project.js';

export type WebServer = 'gunicorn' | 'uvicorn' | 'uwsgi' | 'daphne' | 'hypercorn' | 'granian' | 'mod_wsgi';

/** A long-running kind of process, in Procfile terms. `argv[0]` is a program of the release's environment. The `web` process is described by `Web` instead. */
export interface Process {
  readonly name: string;
  readonly kind: Exclude<ProcessKind, 'web'>;
  readonly argv: readonly string[];
  readonly scale: number;
  /** How long it may take to finish what it is doing. */
  readonly stopSeconds: number;
  readonly from: string;
}

/** A command run at set times. */
export interface CronJob {
  readonly name: string;
  readonly argv: readonly string[];
  /** A time of day or five cron fields; `parseSchedule` reads it. */
  readonly at: string;
  /** How long it may go on when a new release takes over. */
  readonly stopSeconds: number;
}

export interface Web {
  readonly server: WebServer;
  readonly interface: 'wsgi' | 'asgi';
  /** `package.module:attribute` of the project's own application; '' where it has none and Django's own does. */
  readonly application: string;
  readonly workers: number;
  /** Per worker; 1 where the server has no threads. */
  readonly threads: number;
  /** Outermost first: `package.module:factory`. */
  readonly middleware: readonly string[];
  /** Micro-cache for anonymous GETs. */
  readonly cache?: { readonly seconds: number; readonly paths: readonly string[] };
  /** Largest request body, in bytes. */
  readonly maxBody: number;
  /** Paths that only users of the project's own may see. Only mod_wsgi has any. */
  readonly protect?: readonly Protection[];
}

/** A path behind HTTP Basic, against Django's own users. */
export interface Protection {
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly realm: string;
  /** Names of Django's groups, of which one is enough; none: every active user. */
  readonly groups: readonly string[];
}

/** What the app leans on and Slipway runs. */
export interface Service {
  readonly kind: Extract<ServiceKind, 'postgresql' | 'mysql' | 'redis'>;
  readonly name: string;
}

/** How the app's interpreter environment is made; its key names it, so that releases share it. */
export interface PythonEnvironment {
  /** Hash of lock files, interpreter, what Slipway adds, and Slipway's own runtime package. */
  readonly key: string;
  /** Absolute path of the interpreter it is made from. */
  readonly interpreter: string;
  readonly version: string;
  /** Distributions Slipway adds beside the project's own, as requirement strings. */
  readonly additions: readonly string[];
}

export interface Source {
  /** Where the code was taken from. */
  readonly root: string;
  /** Hash of every file's path, mode and content. */
  readonly fingerprint: string;
  readonly commit?: string;
  readonly dirty?: boolean;
}

export interface StaticFiles {
  readonly url: string;
  readonly media: string;
}

/** The app at one version, ready for one environment. Everything a target needs, and nothing it has to ask for. */
export interface Release<Options = unknown> {
  readonly app: string;
  /** `20261121-104512-3f9c2e1` */
  readonly version: string;
  readonly environment: string;
  /** Names it answers to, the first being the canonical one. */
  readonly domains: readonly string[];
  readonly source: Source;
  readonly python: PythonEnvironment;
  /** Working directory of every process, relative to the source. */
  readonly directory: string;
  readonly settingsModule: string;
  readonly pins: readonly Pin[];
  readonly web: Web;
  readonly processes: readonly Process[];
  /** Absent in releases of before there were any. */
  readonly cron?: readonly CronJob[];
  readonly services: readonly Service[];
  readonly env: Env;
  readonly files: StaticFiles;
  readonly image?: string;
  readonly options: Options;
}

/** What the target says is live now; the same shape everywhere, so `status` and `rollback` are written once. */
export interface Live<Options = unknown> {
  readonly current?: Release<Options>;
  /** Newest first, without the current one. */
  readonly previous: readonly Release<Options>[];
}

export type { Arg };
