import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DatabaseChoice } from '../../../src/config/resolve/database.js';
import type { VariableContext } from '../../../src/config/resolve/variables/context.js';
import { fillVariables } from '../../../src/config/resolve/variables.js';
import type { Variable } from '../../../src/core/project.js';
import { before, POSTGRESQL, place, project, REDIS, server } from './samples.js';

function fill(variables: readonly Partial<Variable>[], change: Partial<VariableContext> = {}) {
  const sample = { variables, ...(change.project?.django === undefined ? {} : { django: change.project.django.value }) };
  return fillVariables({
    ...before({ project: project(sample) }),
    database: { kind: 'sqlite', reason: 'test' },
    workers: 2,
    ...change,
    project: { ...(change.project ?? project(sample)), variables: project(sample).variables },
  });
}

const one = (variable: Partial<Variable>, change: Partial<VariableContext> = {}) =>
  fill([{ name: 'V', ...variable }], change).env['V'];
const postgresql: DatabaseChoice = { kind: 'postgresql', reason: 'test' };

test('the names that hosting platforms have taught', () => {
  const { env } = fill([], { database: postgresql, redis: REDIS });
  assert.deepEqual(env, {
    DATABASE_URL: 'postgres://shop@/shop?host=%2Frun%2Fslip%20way&port=5433',
    REDIS_URL: 'redis://127.0.0.1:6390',
    SECRET_KEY: { secret: 'SECRET_KEY' },
    DJANGO_SETTINGS_MODULE: 'shop.settings',
    WEB_CONCURRENCY: '2',
    SLIPWAY_RELEASE: '20261121-104512-3f9c2e1',
    SLIPWAY_ENVIRONMENT: 'local',
    SLIPWAY_URL: 'https://localhost:8443',
  });
});

test('no REDIS_URL without a Redis, SQLite by its kept file', () => {
  const { env } = fill([]);
  assert.equal(env['DATABASE_URL'], 'sqlite:////home/x/data/databases/default.sqlite3');
  assert.equal('REDIS_URL' in env, false);
});

test('Celery is told its broker by the name it reads itself', () => {
  const packages = { django: null, celery: '5.5.0' };
  const { env } = fill([], { redis: REDIS, project: project({ packages }) });
  assert.equal(env['CELERY_BROKER_URL'], 'redis://127.0.0.1:6390/10');
});

describe('false, as each parser spells it', () => {
  const table: readonly [Partial<Variable>, string][] = [
    [{ type: 'bool' }, 'False'],
    [{ type: 'bool', off: '' }, ''],
    [{ type: 'string', off: 'no' }, 'no'],
    [{ type: 'int', default: '1' }, '0'],
    [{ type: 'json' }, 'false'],
    [{ type: 'string', default: 'True' }, 'False'],
    [{ type: 'string', default: 'true' }, 'false'],
    [{ type: 'string', default: 'ON' }, 'OFF'],
    [{ type: 'string', default: '1' }, '0'],
    [{ type: 'string', default: 'False' }, 'False'],
    [{ type: 'string', default: '0' }, '0'],
    [{ type: 'string' }, ''],
  ];
  for (const [variable, answer] of table) {
    test(JSON.stringify(variable), () => assert.equal(one({ ...variable, meaning: 'debug' }), answer));
  }
});

describe('lists', () => {
  const hosts = { meaning: 'allowed-hosts' } as const;
  test('comma', () => assert.equal(one({ ...hosts, type: 'list' }), 'localhost,127.0.0.1,[::1]'));
  test('space', () => assert.equal(one({ ...hosts, type: 'list', separator: ' ' }), 'localhost 127.0.0.1 [::1]'));
  test('JSON', () => assert.equal(one({ ...hosts, type: 'json' }), '["localhost","127.0.0.1","[::1]"]'));
  test('one only', () => assert.equal(one({ ...hosts, type: 'string' }), 'localhost'));
  test('on a server only its domains', () =>
    assert.equal(one({ ...hosts, type: 'list' }, { place: server() }), 'shop.example,www.shop.example'));
});

describe('origins and addresses', () => {
  const origins = { meaning: 'csrf-origins', type: 'list' } as const;
  test('with scheme and port', () =>
    assert.equal(one(origins), 'https://localhost:8443,https://127.0.0.1:8443,https://[::1]:8443'));
  test('bare before Django 4.0', () =>
    assert.equal(one(origins, { project: project({ django: '3.2.25' }), place: server() }), 'shop.example,www.shop.example'));
  test('site URL', () => assert.equal(one({ meaning: 'site-url' }), 'https://localhost:8443'));
  test('site URL with the slash its default has', () =>
    assert.equal(one({ meaning: 'site-url', default: 'http://localhost:8000/' }), 'https://localhost:8443/'));
  test('port 443 is left out', () => assert.equal(one({ meaning: 'site-url' }, { place: server() }), 'https://shop.example'));
  test('site host', () => assert.equal(one({ meaning: 'site-host' }), 'localhost:8443'));
  test('site host like its default', () => assert.equal(one({ meaning: 'site-host', default: 'example.com' }), 'localhost'));
  test('site host for ALLOWED_HOSTS', () => assert.equal(one({ meaning: 'site-host', setting: 'ALLOWED_HOSTS' }), 'localhost'));
  test('never a cookie domain', () => assert.equal(one({ name: 'SESSION_COOKIE_DOMAIN', meaning: 'site-host' }), undefined));
});

describe('databases', () => {
  const on = { database: postgresql };
  test('parts', () => {
    assert.equal(one({ meaning: 'database-host' }, on), POSTGRESQL.host);
    assert.equal(one({ meaning: 'database-port', type: 'int' }, on), '5433');
    assert.equal(one({ meaning: 'database-name' }, on), 'shop');
    assert.equal(one({ meaning: 'database-user' }, on), 'shop');
    assert.equal(one({ meaning: 'database-password' }, on), 'unused');
  });
  test('a password is a reference', () => {
    const services = { postgresql: { ...POSTGRESQL, password: { secret: 'PG' } } };
    assert.deepEqual(one({ meaning: 'database-password' }, { ...on, place: place({ services }) }), { secret: 'PG' });
  });
  test('SQLite leaves the defaults', () => {
    assert.equal(one({ meaning: 'database-name', default: 'x.db' }), undefined);
    assert.equal(one({ meaning: 'database-host' }), undefined);
    assert.equal(one({ meaning: 'database-name', required: true }), '/home/x/data/databases/default.sqlite3');
    assert.equal(one({ meaning: 'database-port', required: true, type: 'int' }), '0');
  });
  const engines: readonly [Partial<Variable>, DatabaseChoice, string | undefined][] = [
    [{ setting: 'DATABASES.default.ENGINE' }, postgresql, 'django.db.backends.postgresql'],
    [{ default: 'django.db.backends.sqlite3' }, postgresql, 'django.db.backends.postgresql'],
    [{ default: 'django.db.backends.postgresql_psycopg2' }, postgresql, undefined],
    [{ default: 'sqlite' }, postgresql, 'postgres'],
    [{ default: 'mysql' }, postgresql, 'postgresql'],
    [{ default: 'postgres' }, postgresql, undefined],
    [{ setting: 'DATABASES.default.ENGINE', required: true }, { kind: 'sqlite', reason: '' }, 'django.db.backends.sqlite3'],
    [{}, { kind: 'sqlite', reason: '' }, undefined],
  ];
  for (const [variable, database, answer] of engines) {
    test(`engine ${JSON.stringify(variable)} on ${database.kind}`, () =>
      assert.equal(one({ ...variable, meaning: 'database-engine' }, { database }), answer));
  }
});

describe('Redis in its roles', () => {
  const on = { redis: REDIS };
  const table: readonly [Partial<Variable>, string | undefined][] = [
    [{ name: 'REDIS_URL', meaning: 'redis-url' }, 'redis://127.0.0.1:6390'],
    [{ name: 'REDIS_URL', meaning: 'redis-url', setting: 'CACHES.default.LOCATION' }, 'redis://127.0.0.1:6390'],
    [{ name: 'STORE', meaning: 'redis-url', setting: 'CACHES.default.LOCATION' }, 'redis://127.0.0.1:6390/12'],
    [{ name: 'REDIS_URL', meaning: 'redis-url', default: 'redis://localhost:6379/0' }, 'redis://127.0.0.1:6390/0'],
    [{ name: 'CELERY_BROKER', meaning: 'broker-url' }, 'redis://127.0.0.1:6390/10'],
    [{ name: 'CELERY_RESULT', meaning: 'redis-url' }, 'redis://127.0.0.1:6390/11'],
    [{ name: 'CACHE_URL', meaning: 'cache-url' }, 'redis://127.0.0.1:6390/12'],
    [{ name: 'CHANNELS', meaning: 'channels-url' }, 'redis://127.0.0.1:6390/13'],
    [{ name: 'RQ_URL', meaning: 'redis-url' }, 'redis://127.0.0.1:6390/15'],
    [{ name: 'REDIS_HOST', meaning: 'redis-host' }, '127.0.0.1'],
    [{ name: 'REDIS_PORT', meaning: 'redis-port', type: 'int' }, '6390'],
    [{ name: 'REDIS_PASSWORD', meaning: 'redis-password', required: true }, ''],
    [{ name: 'REDIS_PASSWORD', meaning: 'redis-password' }, undefined],
  ];
  for (const [variable, answer] of table) {
    test(`${variable.name} ${variable.default ?? ''}`, () => assert.equal(fill([variable], on).env[variable.name ?? ''], answer));
  }
  test('without a Redis only a cache that must be named', () => {
    assert.equal(one({ meaning: 'redis-url' }), undefined);
    assert.equal(one({ meaning: 'cache-url' }), undefined);
    assert.equal(one({ meaning: 'cache-url', required: true }), 'locmemcache://');
  });
});

describe('secrets', () => {
  test("the project's one Django key has one name", () => {
    const { env, secrets } = fill([{ name: 'DJANGO_SECRET_KEY', meaning: 'secret-key', setting: 'SECRET_KEY' }]);
    assert.deepEqual(env['DJANGO_SECRET_KEY'], { secret: 'SECRET_KEY' });
    assert.deepEqual(secrets, [{ name: 'SECRET_KEY', shape: 'key' }]);
  });
  test('another key is another secret', () => {
    const { env, secrets } = fill([
      { name: 'JWT_SECRET_KEY', meaning: 'secret-key', setting: 'JWT_KEY' },
      { name: 'FIELD_ENCRYPTION_KEY', required: true },
    ]);
    assert.deepEqual(env['JWT_SECRET_KEY'], { secret: 'JWT_SECRET_KEY' });
    assert.deepEqual(
      secrets.map(({ name, shape }) => `${name} ${shape}`),
      ['SECRET_KEY key', 'JWT_SECRET_KEY key', 'FIELD_ENCRYPTION_KEY fernet'],
    );
  });
  test('a given key is not made', () => assert.deepEqual(fill([], { choices: { env: { SECRET_KEY: 'x' } } }).secrets, []));
});

describe('what nobody can know', () => {
  const table: readonly [Partial<Variable>, string][] = [
    [{ name: 'STRIPE_KEY', meaning: 'api-key' }, 'slipway-placeholder-STRIPE_KEY'],
    [{ name: 'LIMIT_X', type: 'int' }, '1'],
    [{ name: 'LEVEL', type: 'int' }, '0'],
    [{ name: 'USE_X', type: 'bool', off: 'no' }, 'no'],
    [{ name: 'HOOK_URL' }, 'https://placeholder.invalid'],
    [{ name: 'HOOK', type: 'url' }, 'https://placeholder.invalid'],
    [{ name: 'ADMIN_EMAIL' }, 'noreply@localhost'],
    [{ name: 'SENTRY_DSN' }, ''],
    [{ name: 'OPTIONS', type: 'json' }, '{}'],
    [{ name: 'SPOOL', type: 'path' }, '/home/x/data/spool'],
  ];
  for (const [variable, answer] of table) {
    test(`${variable.name}`, () => {
      const filled = fill([{ ...variable, required: true }]);
      assert.equal(filled.env[variable.name ?? ''], answer);
      assert.deepEqual(
        filled.warnings.map(({ code }) => code),
        [`placeholder-${variable.name}`],
      );
      assert.match(filled.warnings[0]?.message ?? '', /shop\/settings\.py:12/);
    });
  }
  test('is left alone where it is optional', () => {
    const filled = fill([{ name: 'STRIPE_KEY', meaning: 'api-key' }]);
    assert.equal('STRIPE_KEY' in filled.env, false);
    assert.deepEqual(filled.warnings, []);
  });
  test('is asked for on a server', () => {
    const filled = fill([{ name: 'STRIPE_KEY', required: true }], { place: server() });
    assert.deepEqual(
      filled.missing.map(({ name }) => name),
      ['STRIPE_KEY'],
    );
    assert.equal('STRIPE_KEY' in filled.env, false);
    assert.deepEqual(filled.placeholders, []);
  });
  test('once for a name that is read twice, and not where one of both is known', () => {
    const filled = fill([
      { name: 'A', required: true },
      { name: 'A', required: true },
      { name: 'B', required: true },
      { name: 'B', meaning: 'site-url' },
    ]);
    assert.deepEqual(
      filled.placeholders.map(({ name }) => name),
      ['A'],
    );
    assert.equal(filled.env['B'], 'https://localhost:8443');
  });
});

test('what the user gave wins over everything', () => {
  const env = { DATABASE_URL: 'sqlite:////mine', DEBUG: 'True', STRIPE_KEY: { secret: 'S' } };
  const filled = fill(
    [
      { name: 'DEBUG', meaning: 'debug' },
      { name: 'STRIPE_KEY', required: true },
    ],
    { choices: { env } },
  );
  assert.equal(filled.env['DATABASE_URL'], 'sqlite:////mine');
  assert.equal(filled.env['DEBUG'], 'True');
  assert.deepEqual(filled.env['STRIPE_KEY'], { secret: 'S' });
  assert.deepEqual(filled.warnings, []);
});

test('an environment name that has a default is left to it on this machine', () => {
  assert.equal(one({ meaning: 'environment-name', default: 'dev' }), undefined);
  assert.equal(one({ meaning: 'environment-name', required: true }), 'production');
  assert.equal(one({ meaning: 'environment-name', default: 'dev' }, { place: server() }), 'production');
});

describe('a second database', () => {
  const url = { meaning: 'database-url', setting: 'DATABASES.ledger', required: true } as const;
  const name = { meaning: 'database-name', setting: 'DATABASES.ledger.NAME', required: true } as const;
  const server: Partial<VariableContext> = { database: postgresql, place: place({ services: { postgresql: POSTGRESQL } }) };

  test('is one of its own on the same server', () => {
    assert.match(String(one(url, server)), /^postgres:\/\/shop@\/shop_ledger\?/);
    assert.equal(one(name, server), 'shop_ledger');
  });
  test('has a URL of its own where URLs are secret', () => {
    const address = { ...POSTGRESQL, url: { secret: 'url' }, aliasUrls: { ledger: { secret: 'url_ledger' } } };
    const secretly = { ...server, place: place({ services: { postgresql: address } }) };
    assert.deepEqual(one(url, secretly), { secret: 'url_ledger' });
    assert.deepEqual(one({ ...url, setting: 'DATABASES.replica' }, secretly), { secret: 'url' });
  });
  test('is a file of its own', () => {
    assert.equal(one(url), 'sqlite:////home/x/data/databases/ledger.sqlite3');
    assert.equal(one(name), '/home/x/data/databases/ledger.sqlite3');
  });
  test('is the first one where it is a replica', () => {
    assert.equal(one({ ...name, setting: 'DATABASES.replica.NAME' }, server), 'shop');
  });
});
