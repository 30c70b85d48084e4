import type { Found } from './found.js';

/** What the static pass read from a source tree, without running any of it. Paths are relative to `root`, `/`-separated, '' for the root itself. */
export interface Project {
  /** Absolute and real. */
  readonly root: string;
  /** A name for the app: lower-case letters, digits and dashes, starts with a letter. */
  readonly name: Found<string>;
  /** The folder that is the working directory and first on sys.path: the one of manage.py, else the one that holds the settings package. */
  readonly directory: Found<string>;
  readonly managePy?: Found<string>;
  readonly settings: Found<string>;
  /** Every settings module seen, the chosen one first, each with why it is or is not the one. */
  readonly settingsCandidates: readonly Found<string>[];
  /** `DJANGO_CONFIGURATION`'s value where django-configurations is used. */
  readonly configuration?: Found<string>;
  readonly python: PythonWish;
  readonly dependencies: Dependencies;
  /** The version or specifier of Django as locked or declared: `5.2.17`, `>=5.0,<5.3`. */
  readonly django?: Found<string>;
  readonly wsgi?: Found<string>;
  readonly asgi?: Found<string>;
  /** Which of both serves it, and why. */
  readonly interface: Found<'wsgi' | 'asgi'>;
  readonly processes: readonly ProjectProcess[];
  readonly services: readonly Found<ServiceKind>[];
  readonly variables: readonly Variable[];
  readonly frontends: readonly Frontend[];
  readonly natives: readonly NativeNeed[];
  /** Files that a settings module wants and the tree lacks. */
  readonly missingFiles: readonly MissingFile[];
  /** Served files that a build of the project's own makes, where inspecting found any. */
  readonly unbuilt?: readonly UnbuiltFile[];
  /** Tracked files that are data: databases, uploads. Copied once as first content of the kept data. */
  readonly seeds: readonly Found<string>[];
  /** The setting by which uploads are kept in a folder; absent where there is none, or a storage elsewhere. */
  readonly uploads?: Found<'MEDIA_ROOT'>;
  /** A folder that collects static files in development and is itself shipped with some that are nowhere else: STATIC_ROOT, relative to root. */
  readonly shippedStatic?: Found<string>;
  readonly hints: readonly Found<string>[];
  /** Build commands of the project's own that the tree shows are needed (`compilemessages`, `compress`, `tailwind build`). */
  readonly buildCommands: readonly Found<readonly string[]>[];
}

export interface PythonWish {
  /** PEP 440 specifiers that must hold, each with where it was read: `>=3.10,<3.13`, `==3.7.*`. */
  readonly required: readonly Found<string>[];
  /** Specifiers that are better kept, but are known not to be hard: the newest Python a release of Django was tested with. */
  readonly advised?: readonly Found<string>[];
  /** The version the project names outright: `3.12`, `3.12.1`. */
  readonly preferred?: Found<string>;
}

export type DependencyManager = 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'requirements' | 'pyproject' | 'setup.py' | 'conda' | 'none';

export interface Dependencies {
  readonly manager: Found<DependencyManager>;
  /** The files that decide what is installed, relative to root: lock first; for requirements the ones to pass with -r (not those they include). */
  readonly files: readonly string[];
  /** Every file whose content matters for the environment (includes followed, constraints, setup.py, pyproject.toml). */
  readonly inputs: readonly string[];
  /** The folder the manager runs in, relative to root. */
  readonly directory: string;
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** True when the project itself must be installed (it is a package that is imported by its distribution name or has entry points that are needed). */
  readonly installProject: boolean;
  /** Names (PEP 503 normalised) that are declared or locked, with version where one is pinned. */
  readonly packages: Readonly<Record<string, string | null>>;
  /** Distributions that the settings need and nothing declares; they may still come as a dependency of another. */
  readonly undeclared?: readonly Found<string>[];
  /** What the code demands of libraries that are declared without an upper bound: `Django<4`. */
  readonly bounds?: readonly Found<string>[];
  /** For `none`: distributions guessed from imports. */
  readonly guessed: readonly Found<string>[];
}

export type ProcessKind = 'web' | 'worker' | 'beat' | 'daemon';

/** A long-running command the tree shows: from a Procfile, a compose file, a unit, or a library it uses. `argv[0]` is a program of the environment (`celery`, `python`). */
export interface ProjectProcess {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly argv: readonly string[];
  readonly from: string;
}

export type ServiceKind = 'sqlite' | 'postgresql' | 'mysql' | 'oracle' | 'redis' | 'memcached' | 'rabbitmq' | 'elasticsearch';

export type VariableType = 'string' | 'bool' | 'int' | 'list' | 'url' | 'json' | 'path';

/** An environment variable that the settings read. */
export interface Variable {
  readonly name: string;
  /** `project/settings.py:12` */
  readonly from: string;
  readonly required: boolean;
  /** As written in the source, where it is a literal. */
  readonly default?: string;
  readonly type: VariableType;
  /** For lists: what separates the items. */
  readonly separator?: string;
  /** The spelling its parsing takes for false where `False` is not it: '' for `bool(os.environ.get("X"))`, `0` for `int(…)`, `no`. */
  readonly off?: string;
  /** What it stands for, where its name or use tells. */
  readonly meaning?: VariableMeaning;
  /** The setting it ends in, where that can be seen: `DATABASES.default.NAME`, `SECRET_KEY`. */
  readonly setting?: string;
}

export type VariableMeaning =
  | 'secret-key'
  | 'debug'
  | 'allowed-hosts'
  | 'csrf-origins'
  | 'site-url'
  | 'site-host'
  | 'database-url'
  | 'database-engine'
  | 'database-name'
  | 'database-user'
  | 'database-password'
  | 'database-host'
  | 'database-port'
  | 'redis-url'
  | 'redis-host'
  | 'redis-port'
  | 'redis-password'
  | 'cache-url'
  | 'broker-url'
  | 'channels-url'
  | 'static-root'
  | 'media-root'
  | 'email'
  | 'environment-name'
  | 'api-key';

export interface Frontend {
  /** Folder of package.json, relative to root. */
  readonly directory: string;
  readonly manager: Found<'npm' | 'yarn' | 'pnpm' | 'bun'>;
  /** Commands in order, argv each. */
  readonly install: readonly string[];
  readonly build: readonly (readonly string[])[];
  /** Why it is needed: the setting, template or folder that wants its output. */
  readonly from: string;
}

/** A native library or program that a Python distribution of the project needs at build or run time. */
export interface NativeNeed {
  /** The distribution (PEP 503 name) or `django.contrib.gis`, … */
  readonly wantedBy: string;
  readonly when: 'build' | 'run';
  /** Debian packages, in the names of current stable; alternatives for other releases with `|`. */
  readonly packages: readonly string[];
  /** How to see whether it is there: a program on PATH, a shared library, a header, or a time zone by its name. */
  readonly probe:
    | { readonly program: string }
    | { readonly library: string }
    | { readonly header: string }
    | { readonly zone: string };
  /** True where a wheel exists, so that it matters only if pip must build. */
  readonly onlyWithoutWheel: boolean;
  readonly note?: string;
}

/** A stylesheet or script that git is told to leave out: it is made, and whoever has only the repository does not have it. */
export interface UnbuiltFile {
  /** Its path, and the line that keeps it out of the repository. */
  readonly file: Found<string>;
  /** A command that writes it, and where that stands. */
  readonly maker?: Found<readonly string[]>;
}

export interface MissingFile {
  readonly path: string;
  /** The line that wants it. */
  readonly from: string;
  readonly example?: string;
  readonly required: boolean;
}
