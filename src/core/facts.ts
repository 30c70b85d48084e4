/** What the project's own Django said, run up to loaded settings in its own environment. Never holds a secret: passwords and keys are told as facts about them. */
export interface Facts {
  readonly python: string;
  readonly django: string;
  readonly settingsModule: string;
  readonly configuration?: string;
  readonly sysPath: readonly string[];
  /** Upper-case settings. Values that are not JSON or look secret are told by their type only. */
  readonly settings: Readonly<Record<string, SettingFact>>;
  readonly secretKey: {
    readonly set: boolean;
    readonly length: number;
    readonly unique: number;
    readonly insecurePrefix: boolean;
  };
  readonly databases: Readonly<Record<string, DatabaseFact>>;
  readonly caches: Readonly<Record<string, { readonly backend: string; readonly location: string | readonly string[] | null }>>;
  readonly apps: readonly { readonly name: string; readonly label: string; readonly path: string }[];
  readonly middleware: readonly string[];
  /** Source files below the project's root that were executed while the settings loaded: what a cached answer depends on. */
  readonly settingsFiles: readonly string[];
  /** Every environment variable the settings asked for. */
  readonly variables: readonly { readonly name: string; readonly from: string; readonly hit: boolean }[];
  readonly celery?: {
    readonly app: string;
    readonly broker: string;
    readonly beat: boolean;
    readonly scheduler?: string;
    readonly queues: readonly string[];
  };
  readonly commands: readonly string[];
  readonly urls: UrlFacts | null;
  readonly migrations: {
    readonly apps: number;
    readonly total: number;
    /** Labels of the project's own apps that have tables and bring no migration. */
    readonly without?: readonly string[];
  } | null;
  /** What went wrong after the settings were loaded (django.setup, urls), where the probe could go on. */
  readonly problems: readonly ProbeError[];
}

export type SettingType =
  | 'none'
  | 'bool'
  | 'int'
  | 'float'
  | 'str'
  | 'bytes'
  | 'path'
  | 'list'
  | 'tuple'
  | 'set'
  | 'frozenset'
  | 'dict'
  | 'timedelta'
  | 'lazy'
  | 'other';

export interface SettingFact {
  readonly type: SettingType;
  /** JSON form; absent for what is secret or has none. */
  readonly value?: unknown;
  /** True where the project set it, false for Django's default. */
  readonly explicit: boolean;
  readonly redacted?: boolean;
}

export interface DatabaseFact {
  readonly engine: string;
  readonly name: string | null;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly hasPassword: boolean;
  readonly options: readonly string[];
  readonly atomicRequests: boolean;
  readonly connMaxAge: number | null;
}

export interface UrlFacts {
  readonly admin?: string;
  readonly patterns: number;
  readonly asyncViews: readonly string[];
  readonly websocketRoutes: readonly string[];
  readonly health?: string;
}

export interface ProbeFrame {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly text: string;
}

/** Why the settings, or what follows them, did not load: classified where it arises. */
export interface ProbeError {
  readonly kind:
    | 'missing-variable'
    | 'missing-module'
    | 'missing-file'
    | 'syntax'
    | 'improperly-configured'
    | 'missing-library'
    | 'exception'
    | 'exit';
  /** The variable, module, file or shared library. */
  readonly name?: string;
  /** For a missing module: the distribution that brings it, where known. */
  readonly distribution?: string;
  readonly message: string;
  /** The project's own frames, outermost first; files relative to the root. */
  readonly frames: readonly ProbeFrame[];
}
