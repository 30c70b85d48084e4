import { isHeld, isSet, processCount, settingValue, textOf, whereIs } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';

export const databaseRules: readonly Rule[] = [
  {
    id: 'database.sqlite-shared',
    severity: 'warning',
    title: 'Several processes write to one SQLite file',
    page: {
      what: 'The project runs on SQLite, and more than one process of the release uses the file.',
      risk: 'With the defaults, two writers at once end in "database is locked" and an error page. On a second server, or a network disk, it cannot work at all.',
      mend: 'Small sites do well with a write-ahead log, a timeout and immediate transactions (Django 5.1 and newer: `OPTIONS`). What grows moves to PostgreSQL.',
      slipway: 'Keeps the file outside the release, with a write-ahead log, a timeout of 20 s and immediate transactions.',
    },
    find: sqliteShared,
  },
  {
    id: 'database.sqlite-tracked',
    severity: 'warning',
    title: 'A database is tracked by git',
    page: {
      what: 'A SQLite file with data is part of the repository.',
      risk: 'Accounts, password hashes and mail addresses are in the hands of everyone who reads the repository; and a deployment that copies the tree puts old data over new.',
      mend: '`git rm --cached db.sqlite3`, add it to `.gitignore`; what every installation needs belongs into a fixture or a migration.',
      slipway: 'Copies it once as first content, and never again.',
    },
    find: ({ project }) =>
      project.seeds
        .filter(({ value, from }) => /\.(sqlite3?|db|db3)$/.test(value) && from === 'tracked by git')
        .map(({ value }) => ({
          message: `${value} is a database that git tracks`,
          hint: `git rm --cached ${value} && echo ${value} >> .gitignore`,
          where: value,
        })),
  },
  {
    id: 'database.atomic-asgi',
    severity: 'error',
    title: 'ATOMIC_REQUESTS with asynchronous views',
    page: {
      what: 'ATOMIC_REQUESTS wraps every view in a transaction, and Django has none for asynchronous views.',
      risk: 'Such a view answers every request with a RuntimeError.',
      mend: 'Take ATOMIC_REQUESTS away and write `@transaction.atomic` where it is needed, or mark the view with `non_atomic_requests`.',
    },
    find: atomicAsgi,
  },
  {
    id: 'database.persistent-asgi',
    severity: 'warning',
    title: 'CONN_MAX_AGE under ASGI',
    page: {
      what: 'Connections are kept open per thread, and under ASGI threads come and go.',
      risk: 'Connections pile up until the database refuses new ones: an outage under load.',
      mend: 'CONN_MAX_AGE = 0 under ASGI, with a pool (`OPTIONS: {"pool": True}`, Django 5.1 and newer) or PgBouncer.',
      slipway: 'Holds it at 0 where it serves ASGI.',
    },
    find: persistentAsgi,
  },
  {
    id: 'database.pool-and-age',
    severity: 'error',
    title: 'A connection pool together with CONN_MAX_AGE',
    page: {
      what: 'Django’s pool for PostgreSQL wants CONN_MAX_AGE to be 0.',
      risk: 'The first query raises ImproperlyConfigured.',
      mend: 'Remove CONN_MAX_AGE.',
    },
    find: (evidence) =>
      databases(evidence)
        .filter(([, { options, connMaxAge }]) => options.includes('pool') && connMaxAge !== 0)
        .map(([alias]) => ({
          message: `the database ${JSON.stringify(alias)} has a pool and CONN_MAX_AGE`,
          hint: 'remove CONN_MAX_AGE',
          where: whereIs(evidence, 'DATABASES'),
        })),
  },
];

const databases = ({ facts }: Evidence) => Object.entries(facts?.databases ?? {});

function sqliteShared(evidence: Evidence): Hit[] {
  const { resolved } = evidence;
  const count = processCount(evidence);
  if (resolved?.database !== 'sqlite' || count < 2 || Object.keys(evidence.facts?.databases ?? {}).length === 0) return [];
  return [
    {
      message: `${count} processes share one SQLite file`,
      hint: 'PostgreSQL for what is written to often: DATABASE_URL=postgres://…',
      where: whereIs(evidence, 'DATABASES'),
      handled: isHeld(evidence, 'DATABASES'),
    },
  ];
}

function atomicAsgi(evidence: Evidence): Hit[] {
  const views = evidence.facts?.urls?.asyncViews ?? [];
  if (views.length === 0) return [];
  return databases(evidence)
    .filter(([, { atomicRequests }]) => atomicRequests)
    .map(([alias]) => ({
      message: `ATOMIC_REQUESTS of ${JSON.stringify(alias)} breaks the asynchronous view${views.length === 1 ? '' : 's'} ${views.slice(0, 3).join(', ')}`,
      hint: 'mark them with @transaction.non_atomic_requests',
      where: whereIs(evidence, 'DATABASES'),
    }));
}

function persistentAsgi(evidence: Evidence): Hit[] {
  if (evidence.resolved?.web.interface !== 'asgi') return [];
  return databases(evidence)
    .filter(([, { engine, connMaxAge }]) => connMaxAge !== 0 && !/sqlite|dummy/.test(engine) && engine !== '')
    .map(([alias, { connMaxAge }]) => ({
      message: `CONN_MAX_AGE of ${JSON.stringify(alias)} is ${connMaxAge ?? 'None'}, and the app is served by ASGI`,
      hint: 'CONN_MAX_AGE = 0',
      where: whereIs(evidence, 'DATABASES'),
      handled: isHeld(evidence, 'DATABASES'),
    }));
}

export const cacheRules: readonly Rule[] = [
  {
    id: 'cache.per-process',
    severity: 'warning',
    title: 'A cache in memory that several processes need to share',
    page: {
      what: 'LocMemCache is another cache in every process, and something of the project counts on there being one: sessions, limits of log-in attempts, throttles, or the cache itself.',
      risk: 'Visitors are logged out at random, a limit of five attempts is five for each process, and a page that was invalidated comes back.',
      mend: 'Redis: `CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}}`.',
      slipway: 'Runs a Redis and points the cache at it where the project has a client for it.',
    },
    find: perProcess,
  },
  {
    id: 'channels.per-process',
    severity: 'warning',
    title: 'Channel layers in memory',
    page: {
      what: 'InMemoryChannelLayer reaches only the process it is in.',
      risk: 'With two processes, half of the messages reach nobody.',
      mend: '`channels_redis.core.RedisChannelLayer`.',
      slipway: 'Puts Redis in its place, or else runs one process only.',
    },
    find: (evidence) =>
      JSON.stringify(settingValue(evidence, 'CHANNEL_LAYERS') ?? '').includes('InMemoryChannelLayer')
        ? [
            {
              message: 'CHANNEL_LAYERS is in memory: messages reach only their own process',
              hint: 'channels_redis.core.RedisChannelLayer',
              where: whereIs(evidence, 'CHANNEL_LAYERS'),
              handled: isHeld(evidence, 'CHANNEL_LAYERS') || evidence.resolved?.web.workers === 1,
            },
          ]
        : [],
  },
];

function perProcess(evidence: Evidence): Hit[] {
  const memory = Object.entries(evidence.facts?.caches ?? {}).filter(([, { backend }]) => /locmem/i.test(backend));
  const [first] = memory;
  if (first === undefined || processCount(evidence) < 2) return [];
  const needs = sharersOf(evidence);
  if (needs === undefined && !isSet(evidence, 'CACHES')) return [];
  const handled = memory.every(([alias]) => evidence.resolved?.sharedCaches.includes(alias) === true);
  const names = memory.map(([alias]) => JSON.stringify(alias)).join(', ');
  return [
    {
      message: `the cache ${names} is in memory, another one in each of ${processCount(evidence)} processes${needs === undefined ? '' : `, and ${needs}`}`,
      hint: 'pip install redis, and CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", …}}',
      where: whereIs(evidence, 'CACHES'),
      handled,
      ...(needs === undefined ? { severity: 'info' as const } : {}),
    },
  ];
}

/** What breaks when caches disagree. */
function sharersOf(evidence: Evidence): string | undefined {
  if (/backends\.(cache|cached_db)$/.test(textOf(evidence, 'SESSION_ENGINE'))) return 'sessions are in it';
  const throttles = settingValue(evidence, 'REST_FRAMEWORK');
  if (JSON.stringify(throttles ?? '').includes('DEFAULT_THROTTLE_RATES')) return 'throttles count in it';
  if (evidence.facts?.middleware.some((name) => /UpdateCacheMiddleware$/.test(name)) === true) return 'whole pages are in it';
  return undefined;
}
