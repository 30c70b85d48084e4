import type { DatabaseChoice } from '../config/resolve/database.js';
import type { Facts } from '../core/facts.js';
import type { Found } from '../core/found.js';
import type { Project } from '../core/project.js';
import type { Web } from '../core/release.js';

/** Everything the rules judge by, as plain data and without a secret in it. What could not be found out is absent. */
export interface Evidence {
  readonly project: Project;
  readonly environment: string;
  /** Names the app answers to in this environment. */
  readonly domains: readonly string[];
  /** Variables that the settings require and this environment, which is elsewhere, gives no value. */
  readonly unsetVariables?: readonly Found<string>[];
  /** Secrets that slipway.yml names and nobody has set here. */
  readonly unsetSecrets?: readonly string[];
  readonly reading: Reading;
  /** What the settings told when they ran without pins. */
  readonly facts?: Facts;
  /** Root that paths in the facts are below. */
  readonly probed?: string;
  /** Version of the interpreter that was chosen. */
  readonly python?: string;
  /** The dependencies are installed. */
  readonly isInstalled: boolean;
  readonly resolved?: Resolved;
  /** `manage.py check --deploy`, with the project's own settings. */
  readonly own?: readonly DjangoMessage[];
  /** The same with Slipway's pins. */
  readonly pinned?: readonly DjangoMessage[];
  readonly drift?: Drift;
  /** Why the rest is absent. */
  readonly failure?: Trouble;
  /** What did not work although the settings loaded: checks that crash, migrations that cannot be read. */
  readonly troubles?: readonly Trouble[];
}

/** What `up` would make of it. */
export interface Resolved {
  readonly web: Pick<Web, 'server' | 'interface' | 'workers' | 'threads'>;
  readonly processes: readonly { readonly name: string; readonly kind: string; readonly scale: number }[];
  readonly database: DatabaseChoice['kind'];
  readonly services: readonly string[];
  /** Names of the settings that are held. */
  readonly held: readonly string[];
  /** Aliases of caches that are moved to a shared one. */
  readonly sharedCaches: readonly string[];
}

/** One message of Django's system checks. */
export interface DjangoMessage {
  readonly id: string;
  readonly level: string;
  readonly msg: string;
  readonly hint: string | null;
  readonly object: string | null;
  readonly silenced: boolean;
}

export interface Drift {
  readonly conflicts: readonly { readonly app: string; readonly names: readonly string[] }[];
  readonly missing: readonly {
    readonly app: string;
    readonly own: boolean;
    readonly operations: readonly string[];
    readonly kinds: readonly string[];
  }[];
  /** Labels of the project's own apps that have models and no migrations at all. */
  readonly without: readonly string[];
}

export interface Trouble {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
  readonly where: string;
}

/** What was read from the source itself. */
export interface Reading {
  /** Assignments to upper-case names in the settings that are loaded, in the order they are. */
  readonly assignments: readonly Assignment[];
  readonly literals: readonly SecretLiteral[];
  /** Environment files that git tracks and that give values to names that look secret. */
  readonly envFiles: readonly EnvFile[];
  /** Tracked files that hold a private key. */
  readonly privateKeys: readonly string[];
  /** Lines that let Django itself serve a folder of uploads, whatever DEBUG is. */
  readonly servesMedia: readonly string[];
  /** Fields of the project's own models that take any file a visitor sends: no `validators`, no picture. */
  readonly fileFields: readonly string[];
  /** Lines that import Django's own tasks. */
  readonly taskImports: readonly string[];
  /** Commands of the project's own start files that run the development server. */
  readonly developmentServers: readonly string[];
}

export interface Assignment {
  readonly setting: string;
  /** `shop/settings.py:12` */
  readonly where: string;
  /** A plain value that is no secret, where it is one. */
  readonly literal?: boolean | number | null;
  /** Written inside an `if`, a `try` or a class. */
  readonly conditional: boolean;
}

export interface SecretLiteral {
  /** `SECRET_KEY`, `DATABASES.default.PASSWORD` */
  readonly name: string;
  readonly where: string;
  readonly kind: 'secret-key' | 'password' | 'api-key';
  /** It stands in for a variable that is not set. */
  readonly isDefault: boolean;
  /** One that everybody guesses (`postgres`, `changeme`) or that is meant for development. */
  readonly trivial: boolean;
  /** A key that pages show to every visitor anyway. */
  readonly isPublic: boolean;
}

export interface EnvFile {
  readonly path: string;
  readonly names: readonly Found<string>[];
  /** None of the values is more than a word for development. */
  readonly trivial: boolean;
}
