import type { Facts, SettingFact } from '../../src/core/facts.js';
import { found } from '../../src/core/found.js';
import type { Project } from '../../src/core/project.js';
import type { Evidence, Reading } from '../../src/findings/evidence.js';

export const TODAY = '2026-11-21';
const SETTINGS = 'shop/settings.py';

/** A project as `startproject` makes it, with its production settings done by the book. */
const PROJECT: Project = {
  root: '/work/shop',
  name: found('shop', 'the name of the folder'),
  directory: found('', 'manage.py'),
  managePy: found('manage.py', 'manage.py'),
  settings: found('shop.settings', 'manage.py:9'),
  settingsCandidates: [found('shop.settings', 'manage.py:9')],
  python: { required: [], preferred: found('3.13', '.python-version') },
  dependencies: {
    manager: found('requirements', 'requirements.txt'),
    files: ['requirements.txt'],
    inputs: ['requirements.txt'],
    directory: '',
    groups: [],
    extras: [],
    installProject: false,
    packages: { django: '5.2.8', psycopg: '3.2.3' },
    guessed: [],
  },
  django: found('5.2.8', 'requirements.txt'),
  wsgi: found('shop.wsgi:application', `${SETTINGS}:70`),
  interface: found('wsgi', `${SETTINGS}:70`),
  processes: [],
  services: [found('postgresql', SETTINGS)],
  variables: [],
  frontends: [],
  natives: [],
  missingFiles: [],
  seeds: [],
  hints: [],
  buildCommands: [],
};

const READING: Reading = {
  assignments: [],
  literals: [],
  envFiles: [],
  privateKeys: [],
  servesMedia: [],
  fileFields: [],
  taskImports: [],
  developmentServers: [],
};

/** A setting of the project's own. */
export const set = (value: unknown): SettingFact => ({
  type: Array.isArray(value) ? 'list' : typeof value === 'boolean' ? 'bool' : typeof value === 'object' ? 'dict' : 'str',
  value,
  explicit: true,
});

const QUIET: Readonly<Record<string, SettingFact>> = {
  DEBUG: set(false),
  ALLOWED_HOSTS: set(['shop.example']),
  ADMINS: set([['Ada', 'ada@shop.example']]),
};

const FACTS: Facts = {
  python: '3.13.1',
  django: '5.2.8',
  settingsModule: 'shop.settings',
  sysPath: [],
  settings: QUIET,
  secretKey: { set: true, length: 64, unique: 40, insecurePrefix: false },
  databases: {
    default: {
      engine: 'django.db.backends.postgresql',
      name: 'shop',
      host: '',
      port: '',
      user: 'shop',
      hasPassword: true,
      options: [],
      atomicRequests: false,
      connMaxAge: 0,
    },
  },
  caches: { default: { backend: 'django.core.cache.backends.locmem.LocMemCache', location: null } },
  apps: [{ name: 'django.contrib.admin', label: 'admin', path: '' }],
  middleware: ['django.middleware.security.SecurityMiddleware'],
  settingsFiles: [SETTINGS],
  variables: [],
  commands: [],
  urls: { patterns: 1, asyncViews: [], websocketRoutes: [] },
  migrations: null,
  problems: [],
};

export interface Wrong {
  readonly settings?: Readonly<Record<string, SettingFact>>;
  readonly facts?: Partial<Facts>;
  readonly reading?: Partial<Reading>;
  readonly project?: Partial<Project>;
  readonly evidence?: Partial<Evidence>;
  readonly packages?: Readonly<Record<string, string | null>>;
}

/** The quiet project with something wrong in it. Every setting named has a line: the first is on line 1. */
export function evidenceWith({
  settings = {},
  facts = {},
  reading = {},
  project = {},
  evidence = {},
  packages,
}: Wrong): Evidence {
  const lines = Object.keys(settings).map((setting, at) => ({ setting, where: `${SETTINGS}:${at + 1}`, conditional: false }));
  const own = packages === undefined ? PROJECT.dependencies : { ...PROJECT.dependencies, packages };
  return {
    project: { ...PROJECT, dependencies: own, ...project },
    environment: 'local',
    domains: ['shop.example'],
    isInstalled: true,
    reading: { ...READING, assignments: lines, ...reading },
    facts: { ...FACTS, settings: { ...QUIET, ...settings }, ...facts },
    probed: '/home/slipway/source',
    python: '3.13.1',
    resolved: {
      web: { server: 'gunicorn', interface: 'wsgi', workers: 2, threads: 4 },
      processes: [],
      database: 'postgresql',
      services: ['postgresql'],
      held: [],
      sharedCaches: [],
    },
    own: [],
    pinned: [],
    drift: { conflicts: [], missing: [], without: [] },
    ...evidence,
  };
}
