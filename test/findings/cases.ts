import type { DatabaseFact } from '../../src/core/facts.js';
import { found } from '../../src/core/found.js';
import type { Variable } from '../../src/core/project.js';
import type { DjangoMessage, Resolved, SecretLiteral, Trouble } from '../../src/findings/evidence.js';
import { set, type Wrong } from './sample.js';

/** What is wrong, and what is to be found: exactly one finding, of this id. */
export interface Case {
  readonly id: string;
  readonly severity?: 'error' | 'warning' | 'info';
  readonly wrong: Wrong;
  readonly where?: string;
  readonly handled?: boolean;
}

const message = (id: string, level = 'warning', msg = 'said'): DjangoMessage => ({
  id,
  level,
  msg,
  hint: null,
  object: null,
  silenced: false,
});
const django = (id: string, level?: string): Wrong => ({ evidence: { own: [message(id, level)], pinned: [message(id, level)] } });
const held = (...names: string[]): Resolved => ({
  web: { server: 'gunicorn', interface: 'wsgi', workers: 2, threads: 4 },
  processes: [],
  database: 'postgresql',
  services: [],
  held: names,
  sharedCaches: [],
});
const literal = (part: Partial<SecretLiteral>): SecretLiteral => ({
  name: 'SECRET_KEY',
  where: 'shop/settings.py:1',
  kind: 'secret-key',
  isDefault: false,
  trivial: false,
  isPublic: false,
  ...part,
});
const trouble = (part: Partial<Trouble>): Trouble => ({
  code: 'X',
  kind: 'project',
  message: 'said',
  hint: 'mend',
  where: '',
  ...part,
});
const debug: Variable = {
  name: 'DEBUG',
  from: 'shop/settings.py:3',
  required: false,
  default: 'True',
  type: 'bool',
  meaning: 'debug',
  setting: 'DEBUG',
};
const database = (part: Partial<DatabaseFact>): Record<string, DatabaseFact> => ({
  default: {
    engine: 'django.db.backends.postgresql',
    name: 'shop',
    host: '',
    port: '',
    user: '',
    hasPassword: false,
    options: [],
    atomicRequests: false,
    connMaxAge: 0,
    ...part,
  },
});
const asgi: Resolved = { ...held(), web: { server: 'uvicorn', interface: 'asgi', workers: 2, threads: 1 } };
const locmem = { default: { backend: 'django.core.cache.backends.locmem.LocMemCache', location: null } };
const urls = { patterns: 1, asyncViews: [], websocketRoutes: [] };

const DJANGO: readonly (readonly [string, string])[] = [
  ['middleware.security', 'security.W001'],
  ['middleware.clickjacking', 'security.W002'],
  ['middleware.csrf', 'security.W003'],
  ['https.hsts', 'security.W004'],
  ['https.hsts-subdomains', 'security.W005'],
  ['headers.nosniff', 'security.W006'],
  ['https.no-redirect', 'security.W008'],
  ['secret-key.weak', 'security.W009'],
  ['cookies.session-insecure', 'security.W012'],
  ['cookies.session-httponly', 'security.W015'],
  ['cookies.csrf-insecure', 'security.W016'],
  ['headers.frame', 'security.W019'],
  ['hosts.none', 'security.W020'],
  ['https.hsts-preload', 'security.W021'],
  ['headers.referrer', 'security.W022'],
  ['headers.opener', 'security.E024'],
  ['secret-key.weak-fallback', 'security.W025'],
  ['headers.csp-type', 'security.E026'],
  ['headers.csp-nonce', 'security.W027'],
  ['cache.files-in-public', 'caches.W002'],
  ['async.unsafe', 'async.E001'],
  ['email.development-backend', 'mail.E001'],
  ['settings.default-auto-field', 'models.W042'],
  ['django.warning', 'urls.W005'],
];

export const CASES: readonly Case[] = [
  ...DJANGO.map(([id, check]) => ({ id, wrong: django(check) })),
  { id: 'django.error', wrong: django('fields.E304', 'error') },
  {
    id: 'project.does-not-load',
    wrong: { evidence: { failure: trouble({ code: 'VARIABLE_MISSING', where: 'shop/settings.py:4' }) } },
    where: 'shop/settings.py:4',
  },
  {
    id: 'environment.variable-unset',
    wrong: {
      evidence: { environment: 'production', unsetVariables: [{ value: 'SHOP_LICENCE', from: 'shop/settings.py:4' }] },
    },
    where: 'shop/settings.py:4',
    handled: false,
  },
  { id: 'environment.secret-unset', wrong: { evidence: { unsetSecrets: ['SHOP_LICENCE'] } }, where: 'slipway.yml' },
  {
    id: 'environment.cannot-be-made',
    wrong: { evidence: { isInstalled: false, failure: trouble({ code: 'DEPENDENCIES_FAILED', kind: 'environment' }) } },
  },
  {
    id: 'project.does-not-start',
    wrong: { evidence: { troubles: [trouble({ code: 'setup' }), trouble({ code: 'pinned-setup' })] } },
    handled: false,
  },
  { id: 'project.check-crashes', wrong: { evidence: { troubles: [trouble({ code: 'check' })] } }, handled: true },
  { id: 'migrations.unreadable', wrong: { evidence: { troubles: [trouble({ code: 'drift' })] } }, handled: false },
  {
    id: 'secret-key.literal',
    wrong: { reading: { literals: [literal({})] }, evidence: { resolved: held('SECRET_KEY') } },
    where: 'shop/settings.py:1',
    handled: true,
  },
  {
    id: 'secret-key.default',
    wrong: { reading: { literals: [literal({ isDefault: true })] }, evidence: { resolved: held('SECRET_KEY') } },
    handled: true,
  },
  {
    id: 'secrets.password',
    severity: 'error',
    wrong: { reading: { literals: [literal({ name: 'EMAIL_HOST_PASSWORD', kind: 'password' })] } },
    handled: false,
  },
  {
    id: 'secrets.password',
    severity: 'error',
    wrong: {
      reading: { literals: [literal({ name: 'DATABASES.default.PASSWORD', kind: 'password' })] },
      evidence: { resolved: held('DATABASES') },
    },
    handled: true,
  },
  {
    id: 'secrets.password',
    severity: 'info',
    wrong: {
      reading: { literals: [literal({ name: 'DATABASES.default.PASSWORD', kind: 'password', trivial: true, isDefault: true })] },
    },
  },
  {
    id: 'secrets.api-key',
    severity: 'error',
    wrong: { reading: { literals: [literal({ name: 'STRIPE_API_KEY', kind: 'api-key' })] } },
  },
  {
    id: 'secrets.api-key',
    severity: 'warning',
    wrong: { reading: { literals: [literal({ name: 'MAPS_API_KEY', kind: 'api-key', isPublic: true })] } },
  },
  {
    id: 'secrets.tracked-env',
    severity: 'error',
    wrong: { reading: { envFiles: [{ path: '.env', names: [found('STRIPE_KEY', '.env:2')], trivial: false }] } },
    where: '.env:2',
  },
  {
    id: 'secrets.tracked-env',
    severity: 'info',
    wrong: { reading: { envFiles: [{ path: '.env', names: [found('POSTGRES_PASSWORD', '.env:2')], trivial: true }] } },
  },
  { id: 'secrets.private-key', wrong: { reading: { privateKeys: ['deploy/id_ed25519'] } }, where: 'deploy/id_ed25519' },
  { id: 'debug.on', wrong: { settings: { DEBUG: set(true) } }, where: 'shop/settings.py:1', handled: false },
  { id: 'debug.on', wrong: { settings: { DEBUG: set(true) }, evidence: { resolved: held('DEBUG') } }, handled: true },
  { id: 'debug.fails-open', wrong: { project: { variables: [debug] } }, where: 'shop/settings.py:3' },
  {
    id: 'debug.development-app',
    wrong: {
      settings: { INSTALLED_APPS: set([]) },
      facts: { apps: [{ name: 'debug_toolbar', label: 'debug_toolbar', path: '' }] },
    },
    where: 'shop/settings.py:1',
  },
  { id: 'debug.templates', wrong: { settings: { TEMPLATES: set([{ OPTIONS: { debug: true } }]) } }, where: 'shop/settings.py:1' },
  {
    id: 'hosts.malformed',
    wrong: {
      settings: { ALLOWED_HOSTS: set(['shop.example', 'https://shop.example']) },
      evidence: { resolved: held('ALLOWED_HOSTS') },
    },
    where: 'shop/settings.py:1',
    handled: true,
  },
  {
    id: 'hosts.foreign',
    wrong: { settings: { ALLOWED_HOSTS: set(['shop.example.com']) }, evidence: { resolved: held('ALLOWED_HOSTS') } },
    where: 'shop/settings.py:1',
    handled: true,
  },
  { id: 'hosts.any', wrong: { settings: { ALLOWED_HOSTS: set(['*']) } }, where: 'shop/settings.py:1' },
  { id: 'hosts.csrf-any', wrong: { settings: { CSRF_TRUSTED_ORIGINS: set(['https://*']) } } },
  {
    id: 'hosts.csrf-plain',
    wrong: { settings: { CSRF_TRUSTED_ORIGINS: set(['http://shop.example', 'http://localhost:3000']) } },
  },
  { id: 'hosts.forwarded', wrong: { settings: { USE_X_FORWARDED_HOST: set(true) } } },
  {
    id: 'hosts.cors-any',
    severity: 'error',
    wrong: {
      settings: { CORS_ALLOW_ALL_ORIGINS: set(true), CORS_ALLOW_CREDENTIALS: set(true) },
      facts: { middleware: ['corsheaders.middleware.CorsMiddleware'] },
    },
  },
  {
    id: 'hosts.cors-any',
    severity: 'info',
    wrong: { settings: { CORS_ALLOW_ALL_ORIGINS: set(true) }, facts: { middleware: ['corsheaders.middleware.CorsMiddleware'] } },
  },
  {
    id: 'https.preload-half',
    wrong: {
      settings: { SECURE_HSTS_PRELOAD: set(true), SECURE_HSTS_SECONDS: set(3600), SECURE_HSTS_INCLUDE_SUBDOMAINS: set(true) },
    },
  },
  { id: 'cookies.domain', wrong: { settings: { SESSION_COOKIE_DOMAIN: set('.other.example') } } },
  {
    id: 'database.sqlite-shared',
    wrong: {
      facts: { databases: database({ engine: 'django.db.backends.sqlite3' }) },
      evidence: { resolved: { ...held('DATABASES'), database: 'sqlite' } },
    },
    handled: true,
  },
  {
    id: 'database.sqlite-tracked',
    wrong: { project: { seeds: [found('db.sqlite3', 'tracked by git'), found('media', 'tracked by git')] } },
    where: 'db.sqlite3',
  },
  {
    id: 'database.atomic-asgi',
    wrong: { facts: { databases: database({ atomicRequests: true }), urls: { ...urls, asyncViews: ['shop.views.feed'] } } },
  },
  {
    id: 'database.persistent-asgi',
    wrong: { facts: { databases: database({ connMaxAge: 60 }) }, evidence: { resolved: asgi } },
    handled: false,
  },
  {
    id: 'database.persistent-asgi',
    wrong: { facts: { databases: database({ connMaxAge: null }) }, evidence: { resolved: asgi } },
  },
  { id: 'database.pool-and-age', wrong: { facts: { databases: database({ connMaxAge: 60, options: ['pool'] }) } } },
  {
    id: 'cache.per-process',
    severity: 'warning',
    wrong: { settings: { SESSION_ENGINE: set('django.contrib.sessions.backends.cache') }, facts: { caches: locmem } },
  },
  { id: 'cache.per-process', severity: 'info', wrong: { settings: { CACHES: set({}) }, facts: { caches: locmem } } },
  {
    id: 'channels.per-process',
    wrong: { settings: { CHANNEL_LAYERS: set({ default: { BACKEND: 'channels.layers.InMemoryChannelLayer' } }) } },
    handled: false,
  },
  {
    id: 'files.media-in-static',
    wrong: { settings: { MEDIA_ROOT: set('/srv/static/media'), STATIC_ROOT: set('/srv/static') } },
    where: 'shop/settings.py:1',
  },
  {
    id: 'files.uploads-as-pages',
    wrong: {
      settings: { MEDIA_ROOT: set('/srv/media'), MEDIA_URL: set('/media/') },
      reading: { fileFields: ['shop/models.py:9'] },
    },
    where: 'shop/models.py:9',
  },
  { id: 'files.media-by-django', wrong: { reading: { servesMedia: ['shop/urls.py:9'] } }, where: 'shop/urls.py:9' },
  {
    id: 'files.log-in-project',
    wrong: {
      settings: {
        LOGGING: set({
          handlers: { file: { filename: '/home/slipway/source/logs/app.log' }, other: { filename: '/var/log/app.log' } },
        }),
      },
    },
  },
  {
    id: 'settings.ignored',
    severity: 'warning',
    wrong: { settings: { STATICFILES_STORAGE: set('whitenoise.storage.CompressedManifestStaticFilesStorage') } },
    where: 'shop/settings.py:1',
  },
  { id: 'settings.ignored', severity: 'info', wrong: { settings: { USE_L10N: set(true) } } },
  { id: 'settings.storages-incomplete', wrong: { settings: { STORAGES: set({ staticfiles: {} }) } } },
  { id: 'settings.email-replaced', wrong: { settings: { EMAIL_HOST: set('mail.example') }, facts: { django: '6.1.1' } } },
  {
    id: 'sessions.pickle',
    wrong: { settings: { SESSION_SERIALIZER: set('django.contrib.sessions.serializers.PickleSerializer') } },
  },
  {
    id: 'passwords.weak-hasher',
    wrong: { settings: { PASSWORD_HASHERS: set(['django.contrib.auth.hashers.MD5PasswordHasher']) } },
  },
  { id: 'errors.nobody-told', wrong: { settings: { ADMINS: set([]) } } },
  { id: 'admin.unlimited', wrong: { facts: { urls: { ...urls, admin: '/admin/' } } }, handled: true },
  { id: 'versions.django-ended', severity: 'warning', wrong: { facts: { django: '4.2.24' } } },
  { id: 'versions.django-ended', severity: 'error', wrong: { facts: { django: '3.2.25' } } },
  { id: 'versions.django-ends', wrong: { facts: { django: '6.0.1' }, evidence: {} } },
  { id: 'versions.python-ended', wrong: { evidence: { python: '3.9.18' } } },
  { id: 'dependencies.old-for-python', severity: 'info', wrong: { packages: { pillow: '9.2.0' } } },
  {
    id: 'migrations.missing',
    severity: 'error',
    wrong: {
      evidence: {
        drift: {
          conflicts: [],
          without: [],
          missing: [{ app: 'shop', own: true, operations: ['Add field x'], kinds: ['AddField'] }],
        },
      },
    },
  },
  {
    id: 'migrations.missing',
    severity: 'warning',
    wrong: {
      evidence: {
        drift: {
          conflicts: [],
          without: [],
          missing: [{ app: 'shop', own: true, operations: ['Alter field x'], kinds: ['AlterField'] }],
        },
      },
    },
  },
  {
    id: 'migrations.of-others',
    wrong: {
      evidence: {
        drift: {
          conflicts: [],
          without: [],
          missing: [{ app: 'axes', own: false, operations: ['Alter field id'], kinds: ['AlterField'] }],
        },
      },
    },
  },
  {
    id: 'migrations.conflict',
    wrong: { evidence: { drift: { conflicts: [{ app: 'shop', names: ['0002_a', '0002_b'] }], without: [], missing: [] } } },
  },
  { id: 'migrations.none', wrong: { evidence: { drift: { conflicts: [], without: ['shop'], missing: [] } } } },
  {
    id: 'processes.development-server',
    wrong: { reading: { developmentServers: ['Procfile:1'] } },
    where: 'Procfile:1',
    handled: true,
  },
  {
    id: 'tasks.immediate',
    wrong: { reading: { taskImports: ['shop/tasks.py:1'] }, facts: { django: '6.1.1' } },
    where: 'shop/tasks.py:1',
  },
];
