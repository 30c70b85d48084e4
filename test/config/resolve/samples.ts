import type { BeforeFacts, Choices, Place, ResolveInput, ServiceAddresses } from '../../../src/config/resolve/input.js';
import type { PinContext } from '../../../src/config/resolve/pins/context.js';
import { pinSettings } from '../../../src/config/resolve/pins.js';
import type { DatabaseFact, Facts, SettingFact } from '../../../src/core/facts.js';
import { found } from '../../../src/core/found.js';
import type { Project, ServiceKind, Variable } from '../../../src/core/project.js';

export const POSTGRESQL = { host: '/run/slip way', port: '5433', user: 'shop', database: 'shop' };
export const REDIS = { host: '127.0.0.1', port: 6390 };

export function place(change: Partial<Place> = {}): Place {
  return {
    environment: 'local',
    target: 'local',
    domains: ['localhost'],
    httpsPort: 8443,
    paths: {
      source: '/home/x/releases/1/source',
      data: '/home/x/data',
      static: '/home/x/static',
      media: '/home/x/media',
      logs: '/home/x/logs',
      temp: '/home/x/temp',
    },
    services: { postgresql: POSTGRESQL, redis: REDIS },
    machine: { cores: 2, memory: 4 * 1024 ** 3 },
    ...change,
  };
}

export const server = (change: Partial<Place> = {}): Place =>
  place({
    environment: 'production',
    target: 'server',
    domains: ['shop.example', 'www.shop.example'],
    httpsPort: 443,
    ...change,
  });

export interface ProjectSample {
  readonly packages?: Readonly<Record<string, string | null>>;
  readonly variables?: readonly Partial<Variable>[];
  readonly services?: readonly ServiceKind[];
  readonly processes?: Project['processes'];
  readonly interface?: 'wsgi' | 'asgi';
  readonly django?: string;
}

export function project(sample: ProjectSample = {}): Project {
  return {
    root: '/src/shop',
    name: found('shop', 'folder'),
    directory: found('', 'manage.py'),
    settings: found('shop.settings', 'manage.py:9'),
    settingsCandidates: [],
    python: { required: [] },
    dependencies: {
      manager: found('none', 'default'),
      files: [],
      inputs: [],
      directory: '',
      groups: [],
      extras: [],
      installProject: false,
      packages: sample.packages ?? { django: '5.2.17' },
      guessed: [],
    },
    django: found(sample.django ?? '5.2.17', 'requirements.txt:1'),
    wsgi: found('shop.wsgi:application', 'shop/wsgi.py'),
    asgi: found('shop.asgi:application', 'shop/asgi.py'),
    interface: found(sample.interface ?? 'wsgi', 'default'),
    processes: sample.processes ?? [],
    services: (sample.services ?? ['sqlite']).map((kind) => found(kind, 'shop/settings.py:80')),
    variables: (sample.variables ?? []).map(variable),
    frontends: [],
    natives: [],
    missingFiles: [],
    seeds: [],
    hints: [],
    buildCommands: [],
  };
}

export function variable(change: Partial<Variable>): Variable {
  return { name: 'X', from: 'shop/settings.py:12', required: false, type: 'string', ...change };
}

/** A value the project itself set. */
export function explicit(value: unknown, type?: SettingFact['type']): SettingFact {
  return { type: type ?? typeOf(value), value, explicit: true };
}

/** Django's own default. */
export const byDefault = (value: unknown): SettingFact => ({ type: typeOf(value), value, explicit: false });

function typeOf(value: unknown): SettingFact['type'] {
  if (value === null) return 'none';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'int';
  return typeof value === 'string' ? 'str' : 'dict';
}

export function database(change: Partial<DatabaseFact> = {}): DatabaseFact {
  return {
    engine: 'django.db.backends.sqlite3',
    name: '/src/shop/db.sqlite3',
    host: '',
    port: '',
    user: '',
    hasPassword: false,
    options: [],
    atomicRequests: false,
    connMaxAge: 0,
    ...change,
  };
}

export const MIDDLEWARE = [
  'django.middleware.security.SecurityMiddleware',
  'django.contrib.sessions.middleware.SessionMiddleware',
  'django.middleware.csrf.CsrfViewMiddleware',
  'django.middleware.clickjacking.XFrameOptionsMiddleware',
];

const DEFAULTS: Facts['settings'] = {
  DEBUG: explicit(true),
  ALLOWED_HOSTS: explicit([]),
  STATIC_URL: explicit('/static/'),
  MEDIA_URL: byDefault('/'),
  MEDIA_ROOT: byDefault(''),
  MIDDLEWARE: explicit(MIDDLEWARE),
  SESSION_ENGINE: byDefault('django.contrib.sessions.backends.db'),
  SESSION_COOKIE_HTTPONLY: byDefault(true),
  SECURE_CONTENT_TYPE_NOSNIFF: byDefault(true),
  SECURE_REFERRER_POLICY: byDefault('same-origin'),
  X_FRAME_OPTIONS: byDefault('DENY'),
  EMAIL_BACKEND: byDefault('django.core.mail.backends.smtp.EmailBackend'),
  EMAIL_HOST: byDefault('localhost'),
  LOGGING_CONFIG: byDefault('logging.config.dictConfig'),
  LOGGING: byDefault({}),
};

export function facts(change: Partial<Omit<Facts, 'settings'>> & { readonly settings?: Facts['settings'] } = {}): Facts {
  return {
    python: '3.12.1',
    django: '5.2.17',
    settingsModule: 'shop.settings',
    sysPath: [],
    secretKey: { set: true, length: 66, unique: 40, insecurePrefix: true },
    databases: { default: database() },
    caches: { default: { backend: 'django.core.cache.backends.locmem.LocMemCache', location: '' } },
    apps: [{ name: 'django.contrib.sessions', label: 'sessions', path: '/venv/django/contrib/sessions' }],
    middleware: MIDDLEWARE,
    settingsFiles: ['shop/settings.py'],
    variables: [],
    commands: [],
    urls: null,
    migrations: null,
    problems: [],
    ...change,
    settings: { ...DEFAULTS, ...change.settings },
  };
}

export function before(change: Partial<BeforeFacts> & { readonly services?: ServiceAddresses } = {}): BeforeFacts {
  const { services, ...rest } = change;
  return {
    app: 'shop',
    release: '20261121-104512-3f9c2e1',
    project: project(),
    choices: {},
    place: services === undefined ? place() : place({ services }),
    ...rest,
  };
}

export function context(change: Partial<PinContext> = {}): PinContext {
  return {
    ...before(),
    facts: facts(),
    probed: '/src/shop',
    database: { kind: 'sqlite', reason: 'test' },
    interface: 'wsgi',
    ...change,
  };
}

/** A context for these facts and nothing else out of the ordinary. */
export const told = (change: Parameters<typeof facts>[0], more: Partial<PinContext> = {}): PinContext =>
  context({ facts: facts(change), ...more });

export const settings = (settings: Facts['settings'], more: Partial<PinContext> = {}): PinContext => told({ settings }, more);

/** All pins of a context, by name; several of one name in a list. */
export function pinned(change: PinContext): Record<string, unknown> {
  return Object.fromEntries(pinSettings(change).pins.map(({ name, value }) => [name, value]));
}

export const codes = (change: PinContext): string[] => pinSettings(change).warnings.map(({ code }) => code);

export function resolveInput(change: Partial<ResolveInput> & { readonly choices?: Choices } = {}): ResolveInput {
  return {
    ...before(),
    facts: facts(),
    probed: '/src/shop',
    source: { root: '/src/shop', fingerprint: 'abc' },
    python: { key: 'k', interpreter: '/usr/bin/python3', version: '3.12.1', additions: [] },
    ...change,
  };
}
