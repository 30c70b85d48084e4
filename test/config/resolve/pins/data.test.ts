import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DatabaseChoice } from '../../../../src/config/resolve/database.js';
import { extraDatabases } from '../../../../src/config/resolve/pins/databases.js';
import {
  codes,
  context,
  database,
  explicit,
  POSTGRESQL,
  pinned,
  place,
  project,
  REDIS,
  server,
  settings,
  told,
} from '../samples.js';

const SQLITE = 'django.db.backends.sqlite3';
const KEPT = '/home/x/data/databases/default.sqlite3';
const onPostgresql: DatabaseChoice = { kind: 'postgresql', reason: 'test' };
const PARTS = { NAME: 'shop', USER: 'shop', PASSWORD: '', HOST: POSTGRESQL.host, PORT: POSTGRESQL.port };

describe('SQLite', () => {
  test('kept outside, opened for production', () => {
    assert.deepEqual(pinned(context())['DATABASES'], {
      default: {
        ENGINE: SQLITE,
        NAME: KEPT,
        OPTIONS: {
          timeout: 20,
          init_command: 'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;',
          transaction_mode: 'IMMEDIATE',
        },
      },
    });
  });
  test('before 5.1 it only waits longer', () => {
    assert.deepEqual(pinned(told({ django: '5.0.14' }))['DATABASES'], {
      default: { ENGINE: SQLITE, NAME: KEPT, OPTIONS: { timeout: 20 } },
    });
  });
  test("the project's own options stay, and none that SQLite does not know", () => {
    const options = ['init_command', 'transaction_mode', 'timeout', 'sslmode'];
    const pins = pinned(told({ databases: { default: database({ options }) } }));
    assert.deepEqual(pins['DATABASES'], { default: { ENGINE: SQLITE, NAME: KEPT, OPTIONS: { sslmode: null } } });
  });
  test('no write lock for readers where every request is a transaction', () => {
    const pins = JSON.stringify(pinned(told({ databases: { default: database({ atomicRequests: true }) } }))['DATABASES']);
    assert.equal(pins.includes('IMMEDIATE'), false);
  });
  test('every alias has its own file', () => {
    const pins = JSON.stringify(pinned(told({ databases: { default: database(), 'log/s': database() } }))['DATABASES']);
    assert.match(pins, /databases\/log_s\.sqlite3/);
  });
  test('in memory it gets a file, and a word', () => {
    assert.ok(codes(told({ databases: { default: database({ name: ':memory:' }) } })).includes('memory-database'));
  });
});

describe('PostgreSQL', () => {
  const fact = database({
    engine: 'django.db.backends.postgresql',
    name: 'app',
    host: 'db',
    options: ['sslmode', 'application_name'],
  });
  const on = (change: Parameters<typeof told>[0], more = {}) => told(change, { database: onPostgresql, ...more });
  test("the project's own engine and options at our address", () => {
    assert.deepEqual(pinned(on({ databases: { default: fact } }))['DATABASES'], {
      default: {
        ENGINE: 'django.db.backends.postgresql',
        ...PARTS,
        OPTIONS: { sslmode: null },
        CONN_MAX_AGE: 60,
        CONN_HEALTH_CHECKS: true,
      },
    });
  });
  test('PostGIS stays PostGIS', () => {
    const postgis = database({ engine: 'django.contrib.gis.db.backends.postgis' });
    assert.match(JSON.stringify(pinned(on({ databases: { default: postgis } }))), /gis\.db\.backends\.postgis/);
  });
  test('another engine leaves nothing of itself', () => {
    assert.deepEqual(pinned(on({ databases: { default: database({ options: ['timeout'] }) } }))['DATABASES'], {
      default: {
        ENGINE: 'django.db.backends.postgresql',
        ...PARTS,
        OPTIONS: { timeout: null },
        CONN_MAX_AGE: 60,
        CONN_HEALTH_CHECKS: true,
      },
    });
  });
  test('under ASGI connections are not kept', () => {
    const kept = database({ ...fact, connMaxAge: 600 });
    assert.equal(
      JSON.stringify(pinned(on({ databases: { default: kept } }, { interface: 'asgi' }))).includes('"CONN_MAX_AGE":0'),
      true,
    );
  });
  test('a pool needs connections that are not kept', () => {
    const pooled = database({ ...fact, options: ['pool'] });
    assert.equal(JSON.stringify(pinned(on({ databases: { default: pooled } }))).includes('CONN_MAX_AGE'), false);
  });
  test('no health checks before 4.1', () => {
    assert.equal(JSON.stringify(pinned(on({ django: '4.0.10', databases: { default: fact } }))).includes('HEALTH'), false);
  });
  test('a replica is the same database, another name is another one', () => {
    const databases = { default: fact, replica: fact, stats: database({ ...fact, name: 'stats' }) };
    assert.deepEqual(extraDatabases(on({ databases })), [{ kind: 'postgresql', name: 'shop_stats' }]);
    const pins = pinned(on({ databases }))['DATABASES'];
    assert.match(JSON.stringify(pins), /"replica":\{"ENGINE":"[^"]+","NAME":"shop"/);
    assert.match(JSON.stringify(pins), /"stats":\{"ENGINE":"[^"]+","NAME":"shop_stats"/);
  });
  test('a far-away server gives way on this machine, with a word', () => {
    const far = on({ databases: { default: database({ ...fact, host: 'db.example.com' }) } });
    assert.ok(codes(far).includes('foreign-database'));
    assert.match(JSON.stringify(pinned(far)['DATABASES']), /"HOST":"\/run/);
  });
  test('it is said when there is none', () => {
    assert.ok(codes(on({ databases: { default: fact } }, { place: place({ services: {} }) })).includes('database-missing'));
  });
});

describe("the user's own database", () => {
  const given = (url: string | { secret: string }): DatabaseChoice => ({
    kind: 'given',
    url,
    ...(typeof url === 'string' && url.startsWith('postgres') ? ({ engine: 'postgresql' } as const) : {}),
    reason: 'slipway.yml names the database',
  });
  const read = { variables: [{ name: 'DATABASE_URL', from: 'shop/settings.py:8', hit: true }] };
  const on = (url: string | { secret: string }, change = {}) =>
    pinned(told({ databases: { default: database({ options: ['timeout'] }) }, ...change }, { database: given(url) }))[
      'DATABASES'
    ];
  test('is only kept open where the settings read it', () => {
    const fact = database({ engine: 'django.db.backends.postgresql', name: 'y', host: 'x' });
    assert.deepEqual(on('postgres://x/y', { ...read, databases: { default: fact } }), {
      default: { CONN_MAX_AGE: 60, CONN_HEALTH_CHECKS: true },
    });
  });
  test('is held where they do not', () => {
    assert.deepEqual(on('postgres://u:p%40w@[::1]:5433/my%20db?sslmode=require'), {
      default: {
        ENGINE: 'django.db.backends.postgresql',
        NAME: 'my db',
        USER: 'u',
        PASSWORD: 'p@w',
        HOST: '::1',
        PORT: '5433',
        OPTIONS: { timeout: null, sslmode: 'require' },
        CONN_MAX_AGE: 60,
        CONN_HEALTH_CHECKS: true,
      },
    });
    assert.match(JSON.stringify(on('postgres://u@/d?host=%2Frun&port=5433')), /"HOST":"\/run","PORT":"5433"/);
    assert.match(JSON.stringify(on('sqlite:////srv/x%20y.db')), /"NAME":"\/srv\/x y\.db"/);
  });
  test('is told about where it is a secret and they do not', () => {
    const secret = told({}, { database: given({ secret: 'S' }) });
    assert.ok(codes(secret).includes('database-url-unread'));
    assert.equal(codes(told(read, { database: given({ secret: 'S' }) })).includes('database-url-unread'), false);
  });
});

describe('caches', () => {
  const redis = { redis: REDIS };
  const cache = (backend: string, location: string | string[] = '') => ({ caches: { default: { backend, location } } });
  const LOCMEM = 'django.core.cache.backends.locmem.LocMemCache';
  test('in memory moves to Redis where one runs', () => {
    assert.deepEqual(pinned(context(redis))['CACHES'], {
      default: { BACKEND: 'django.core.cache.backends.redis.RedisCache', LOCATION: 'redis://127.0.0.1:6390/12', OPTIONS: null },
    });
  });
  test('before 4.0 only with django-redis', () => {
    const old = { ...cache(LOCMEM), django: '3.2.25' };
    assert.equal('CACHES' in pinned(told(old, redis)), false);
    const packages = { 'django-redis': '5.0' };
    assert.match(
      JSON.stringify(pinned(told(old, { ...redis, project: project({ packages }) }))['CACHES']),
      /django_redis\.cache/,
    );
  });
  test('without a Redis it stays, with a word where it was chosen', () => {
    assert.equal('CACHES' in pinned(context()), false);
    assert.equal(codes(context()).includes('memory-cache'), false);
    assert.ok(codes(settings({ CACHES: explicit({}) })).includes('memory-cache'));
  });
  test('Redis keeps its numbers at our address', () => {
    const known = cache('django_redis.cache.RedisCache', 'redis://redis:6379/5');
    assert.deepEqual(pinned(told(known, redis))['CACHES'], { default: { LOCATION: 'redis://127.0.0.1:6390/5' } });
    assert.equal('CACHES' in pinned(told(cache('x.RedisCache', 'redis://127.0.0.1:6390/5'), redis)), false);
  });
  test('what is not run here gives way', () => {
    const memcached = cache('django.core.cache.backends.memcached.PyMemcacheCache', '127.0.0.1:11211');
    assert.match(JSON.stringify(pinned(told(memcached, redis))['CACHES']), /RedisCache/);
    assert.match(JSON.stringify(pinned(told(memcached))['CACHES']), /LocMemCache/);
    assert.ok(codes(told(memcached)).includes('cache-missing'));
  });
  test('files leave the source, and only the source', () => {
    const backend = 'django.core.cache.backends.filebased.FileBasedCache';
    assert.deepEqual(pinned(told(cache(backend, '/src/shop/cache')))['CACHES'], {
      default: { LOCATION: '/home/x/data/cache/default' },
    });
    assert.equal('CACHES' in pinned(told(cache(backend, '/var/cache/shop'))), false);
  });
  test('what the project turned off stays off', () => {
    assert.equal('CACHES' in pinned(told(cache('django.core.cache.backends.dummy.DummyCache'), redis)), false);
  });
});

describe('sessions', () => {
  const inCache = { SESSION_ENGINE: explicit('django.contrib.sessions.backends.cached_db') };
  test('leave a cache that only one process sees', () => {
    assert.equal(pinned(settings(inCache))['SESSION_ENGINE'], 'django.contrib.sessions.backends.db');
    assert.equal('SESSION_ENGINE' in pinned(settings(inCache, { redis: REDIS })), false);
  });
  test('without the app there are cookies', () => {
    assert.equal(
      pinned(told({ settings: inCache, apps: [] }))['SESSION_ENGINE'],
      'django.contrib.sessions.backends.signed_cookies',
    );
  });
  test('files are kept', () => {
    const files = { SESSION_ENGINE: explicit('django.contrib.sessions.backends.file') };
    assert.equal(pinned(settings(files))['SESSION_FILE_PATH'], '/home/x/data/sessions');
  });
});

describe('addresses of a Redis in settings', () => {
  const on = (known: Parameters<typeof settings>[0]) => pinned(settings(known, { redis: REDIS }));
  const table: readonly [string, string, unknown][] = [
    ['CELERY_BROKER_URL', 'redis://localhost:6379/0', 'redis://127.0.0.1:6390/10'],
    ['CELERY_BROKER_URL', 'redis://localhost', 'redis://127.0.0.1:6390/10'],
    ['BROKER_URL', 'amqp://guest@localhost//', 'redis://127.0.0.1:6390/10'],
    ['CELERY_RESULT_BACKEND', 'redis://redis:6379/4', 'redis://127.0.0.1:6390/4'],
    ['CELERY_RESULT_BACKEND', 'django-db', undefined],
    ['CACHEOPS_REDIS', 'redis://localhost:6379/1', 'redis://127.0.0.1:6390/1'],
    ['REDIS_HOST', 'localhost', '127.0.0.1'],
    ['REDIS_HOST', 'redis.example', undefined],
    ['HOMEPAGE', 'https://redis.io', undefined],
  ];
  for (const [name, value, answer] of table)
    test(`${name} = ${value}`, () => assert.equal(on({ [name]: explicit(value) })[name], answer));
  test('ports keep their type', () => {
    const pins = on({ REDIS_PORT: explicit(6379), REDIS_PORT_2: explicit(1), SHOP_REDIS_PORT: explicit('6379') });
    assert.equal(pins['REDIS_PORT'], 6390);
    assert.equal(pins['SHOP_REDIS_PORT'], '6390');
    assert.equal('REDIS_PORT_2' in pins, false);
  });
  test('a broker with a password is one too', () => {
    const pins = on({ CELERY_BROKER_URL: { type: 'str', explicit: true, redacted: true } });
    assert.equal(pins['CELERY_BROKER_URL'], 'redis://127.0.0.1:6390/10');
  });
  test('nothing without a Redis', () => {
    assert.equal('BROKER_URL' in pinned(settings({ BROKER_URL: explicit('redis://localhost') })), false);
  });
});

describe('queues', () => {
  const on = (known: Parameters<typeof settings>[0]) => pinned(settings(known, { redis: REDIS }));
  test('RQ', () => {
    const queues = {
      default: { HOST: 'localhost', PORT: 6379, DB: 2 },
      low: { URL: 'redis://x/4' },
      cached: { USE_REDIS_CACHE: 'default' },
    };
    const pins = JSON.stringify(on({ RQ_QUEUES: explicit(queues) })['RQ_QUEUES']);
    assert.match(pins, /"default":\{"HOST":null.*6390\/2"\},"low":.*6390\/4"\}\}$/);
  });
  test('django-q, huey, dramatiq', () => {
    const url = 'redis://127.0.0.1:6390/15';
    assert.deepEqual(on({ Q_CLUSTER: explicit({ redis: { host: 'x' } }) })['Q_CLUSTER'], { redis: url });
    assert.equal('Q_CLUSTER' in on({ Q_CLUSTER: explicit({ orm: 'default' }) }), false);
    assert.match(JSON.stringify(on({ HUEY: explicit({ huey_class: 'huey.RedisHuey' }) })['HUEY']), /6390\/15/);
    assert.equal('HUEY' in on({ HUEY: explicit({ huey_class: 'huey.SqliteHuey' }) }), false);
    const rabbit = { BROKER: 'dramatiq.brokers.rabbitmq.RabbitmqBroker', OPTIONS: { url: 'amqp://x' } };
    assert.match(JSON.stringify(on({ DRAMATIQ_BROKER: explicit(rabbit) })['DRAMATIQ_BROKER']), /RedisBroker.*6390\/15/);
  });
  test('tasks inside the request are worth a word', () => {
    assert.ok(codes(settings({ CELERY_TASK_ALWAYS_EAGER: explicit(true) })).includes('eager-tasks'));
    assert.ok(codes(settings({ HUEY: { type: 'other', explicit: true } }, { redis: REDIS })).includes('huey-object'));
  });
});

describe('channel layers', () => {
  const layers = (layer: object) => settings({ CHANNEL_LAYERS: explicit({ default: layer }) }, { redis: REDIS });
  const CONFIG = { hosts: ['redis://127.0.0.1:6390/13'], prefix: 'shop.channels' };
  test('in memory moves to Redis', () => {
    assert.deepEqual(
      pinned(layers({ BACKEND: 'channels.layers.InMemoryChannelLayer', CONFIG: { capacity: 1 } }))['CHANNEL_LAYERS'],
      {
        default: { BACKEND: 'channels_redis.core.RedisChannelLayer', CONFIG },
      },
    );
  });
  test('Redis moves to ours', () => {
    assert.deepEqual(pinned(layers({ BACKEND: 'channels_redis.pubsub.RedisPubSubChannelLayer' }))['CHANNEL_LAYERS'], {
      default: { CONFIG },
    });
  });
  test('without a Redis it is said', () => {
    const alone = settings({ CHANNEL_LAYERS: explicit({ default: { BACKEND: 'channels.layers.InMemoryChannelLayer' } }) });
    assert.ok(codes(alone).includes('memory-channel-layer'));
    assert.equal('CHANNEL_LAYERS' in pinned(alone), false);
  });
});

test('a server far away is left alone in production', () => {
  const fact = database({ engine: 'django.db.backends.postgresql', host: 'db.example.com' });
  const own: DatabaseChoice = { kind: 'own', reason: 'test' };
  assert.deepEqual(pinned(told({ databases: { default: fact } }, { place: server(), database: own }))['DATABASES'], {
    default: { CONN_MAX_AGE: 60, CONN_HEALTH_CHECKS: true },
  });
});
