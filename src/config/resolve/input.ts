import type { Arg, Env } from '../../core/command.js';
import type { Facts } from '../../core/facts.js';
import type { Json } from '../../core/plan.js';
import type { Project } from '../../core/project.js';
import type { CronJob, PythonEnvironment, Source, WebServer } from '../../core/release.js';

/** What the user decided: `slipway.yml` with the environment's own keys already laid over the general ones, and the command line over both. */
export interface Choices {
  readonly app?: string;
  readonly settingsModule?: string;
  /** A value to hold, or `keep`: leave the project's own. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** `env:` of the file, then `--env-file`, then `--env`; later wins. */
  readonly env?: Env;
  readonly web?: WebChoices;
  readonly processes?: Readonly<Record<string, ProcessChoice | false>>;
  readonly cron?: readonly CronJob[];
  /** A database of the user's own; Slipway then runs none. */
  readonly database?: { readonly url: Arg };
}

export interface WebChoices {
  readonly server?: WebServer;
  readonly interface?: 'wsgi' | 'asgi';
  /** `package.module:attribute` */
  readonly application?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly middleware?: readonly string[];
  readonly cache?: { readonly seconds: number; readonly paths: readonly string[] };
  /** Largest request body, in bytes. */
  readonly maxBody?: number;
  /** By path. */
  readonly protect?: Readonly<Record<string, { readonly realm?: string; readonly groups?: readonly string[] }>>;
}

export interface ProcessChoice {
  /** Its words. */
  readonly command?: readonly string[];
  readonly scale?: number;
  readonly stopSeconds?: number;
}

/** Absolute folders on the host the release runs on. */
export interface Paths {
  /** Root of the release's copy of the source. */
  readonly source: string;
  /** Outlives releases: databases, the project's own writable folders. */
  readonly data: string;
  /** Where collectstatic puts its files. */
  readonly static: string;
  /** Uploads; outlives releases. */
  readonly media: string;
  /** Log files that the project insists on; outlives releases. */
  readonly logs: string;
  /** Uploads on their way in; same file system as `media`. */
  readonly temp: string;
}

/** A database server that Slipway runs, or would run if asked. */
export interface DatabaseAddress {
  /** A folder with the server's socket, or a host name. */
  readonly host: string;
  /** Empty for the server's default. */
  readonly port: string;
  readonly user: string;
  readonly database: string;
  /** Absent where the socket's owner is enough. */
  readonly password?: Arg;
  /** `postgres://…`, `mysql://…`; a reference where it holds a password. Absent: made from the parts, which then must have no secret. */
  readonly url?: Arg;
  /** The same of the databases of second aliases, by alias, where they hold a password. */
  readonly aliasUrls?: Readonly<Record<string, Arg>>;
  readonly version?: string;
  /** Variables that the server's own client library reads, whatever the settings say: how it is to be sure of the server. */
  readonly clientEnv?: Readonly<Record<string, string>>;
}

export interface RedisAddress {
  readonly host: string;
  /** 0 where it listens on its socket alone. */
  readonly port: number;
  readonly socket?: string;
  /** With a password, a whole URL is a secret: `NAME` without a database number, `NAME_3` for database 3. Absent: URLs hold nothing secret. */
  readonly secretUrls?: string;
  readonly password?: Arg;
}

/** What Slipway can run for the app on this host. A kind that is absent is not to be had. */
export interface ServiceAddresses {
  readonly postgresql?: DatabaseAddress;
  readonly mysql?: DatabaseAddress;
  readonly redis?: RedisAddress;
}

export interface Machine {
  readonly cores: number;
  /** Bytes of memory the app may count on. */
  readonly memory: number;
}

/** Where the app is to live. */
export interface Place {
  readonly environment: string;
  readonly target: string;
  /** Names it answers to, the canonical one first. On `local`: `localhost` first. An IPv6 address needs no brackets. */
  readonly domains: readonly string[];
  /** The port people type; 443 is left out of URLs. */
  readonly httpsPort: number;
  readonly paths: Paths;
  readonly services: ServiceAddresses;
  readonly machine: Machine;
}

/** What is known before the project's Python has run: enough for its environment variables. */
export interface BeforeFacts {
  readonly app: string;
  readonly release: string;
  readonly project: Project;
  readonly choices: Choices;
  readonly place: Place;
  /** The settings cannot read a database URL such as Slipway's (a home-made parser): they get its parts alone. */
  readonly withoutDatabaseUrl?: boolean;
  /** What nobody has given is made up on any target: nothing of this goes live. */
  readonly madeUp?: boolean;
}

/** And what an unpinned run of its settings, with those variables, told. */
export interface WithFacts extends BeforeFacts {
  readonly facts: Facts;
  /** Root of the tree the facts were read from: paths below it are the project's own. */
  readonly probed: string;
}

export interface ResolveInput extends WithFacts {
  readonly source: Source;
  readonly python: PythonEnvironment;
  /** What collectstatic with hashed names came to; absent while it was not tried. */
  readonly staticAttempt?: StaticAttempt;
}

export type StaticAttempt =
  | { readonly hashed: true }
  /** The last line of what it said. */
  | { readonly hashed: false; readonly problem: string };
