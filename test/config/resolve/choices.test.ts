import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseAdditions } from '../../../src/config/resolve/additions.js';
import { chooseDatabase, type DatabaseChoice } from '../../../src/config/resolve/database.js';
import { chooseInterface, chooseWeb, workersFor } from '../../../src/config/resolve/server.js';
import { chooseServices, missingServices } from '../../../src/config/resolve/services.js';
import { keptPlaces } from '../../../src/config/resolve/writable.js';
import { Failure } from '../../../src/core/failure.js';
import {
  before,
  database,
  explicit,
  facts,
  POSTGRESQL,
  type ProjectSample,
  place,
  project,
  resolveInput,
  server,
} from './samples.js';

const GIB = 1024 ** 3;
const withProject = (sample: ProjectSample) => before({ project: project(sample) });

describe('which database', () => {
  const kind = (sample: ProjectSample, fact?: Parameters<typeof database>[0], change = {}) =>
    chooseDatabase({ ...withProject(sample), ...change }, fact && facts({ databases: { default: database(fact) } })).kind;
  const required = { name: 'DATABASE_URL', meaning: 'database-url', required: true } as const;
  test('SQLite stays', () => assert.equal(kind({}), 'sqlite'));
  test('a URL that is needed is PostgreSQL', () => assert.equal(kind({ variables: [required] }), 'postgresql'));
  test('or MySQL where only its driver is there', () =>
    assert.equal(kind({ variables: [{ ...required, meaning: 'database-host' }], packages: { mysqlclient: null } }), 'mysql'));
  test('an engine in the settings', () => assert.equal(kind({ services: ['postgresql'] }), 'postgresql'));
  test('a switch keeps the default', () => assert.equal(kind({ services: ['sqlite', 'postgresql'] }), 'sqlite'));
  test('the default of the URL', () => {
    const variables = [{ ...required, required: false, default: 'postgres:///app' }];
    assert.equal(kind({ services: ['sqlite'], variables }), 'postgresql');
    assert.equal(kind({ services: ['postgresql'], variables: [{ ...variables[0], default: 'sqlite:///x' }] }), 'sqlite');
  });
  test('the facts know better', () => {
    assert.equal(kind({ services: ['sqlite'] }, { engine: 'django.db.backends.postgresql' }), 'postgresql');
    assert.equal(kind({ services: ['postgresql'] }, {}), 'sqlite');
    assert.equal(kind({}, { engine: 'django.db.backends.dummy' }), 'none');
    assert.equal(kind({}, { engine: 'django.db.backends.oracle' }), 'own');
  });
  test('a server far away: left alone in production, not touched from here', () => {
    const far = { engine: 'django.db.backends.postgresql', host: 'db.example.com' };
    assert.equal(kind({}, far), 'postgresql');
    assert.equal(kind({}, far, { place: server() }), 'own');
    assert.equal(kind({}, { ...far, host: '127.0.0.1' }, { place: server() }), 'postgresql');
  });
  test('MySQL that is not to be had gives way only where the engine is a variable', () => {
    const mysql = { engine: 'django.db.backends.mysql' };
    assert.equal(kind({}, mysql), 'mysql');
    const variables = [{ name: 'DB', meaning: 'database-engine' as const }];
    assert.equal(kind({ services: ['mysql', 'postgresql'], variables }, mysql), 'postgresql');
    assert.equal(kind({ services: ['mysql'], variables }, mysql), 'sqlite');
    assert.equal(kind({ services: ['mysql'], variables }, mysql, { place: place({ services: { mysql: POSTGRESQL } }) }), 'mysql');
  });
  test("the user's own wins", () => {
    const given = chooseDatabase(before({ choices: { database: { url: 'mysql://x/y' } } }));
    assert.deepEqual(given, { kind: 'given', url: 'mysql://x/y', engine: 'mysql', reason: 'slipway.yml names the database' });
    const secret = chooseDatabase(before({ choices: { env: { DATABASE_URL: { secret: 'S' } } } }));
    assert.deepEqual(secret, { kind: 'given', url: { secret: 'S' }, reason: 'DATABASE_URL was given' });
  });
});

describe('which services', () => {
  const sqlite: DatabaseChoice = { kind: 'sqlite', reason: 'r' };
  const kinds = (sample: ProjectSample, choice: DatabaseChoice = sqlite, change = {}, known?: ReturnType<typeof facts>) =>
    chooseServices({ ...withProject(sample), ...change }, choice, known).map(({ kind }) => kind);
  const celery = {
    processes: [{ name: 'worker', kind: 'worker', argv: ['celery', '-A', 'shop', 'worker'], from: 'Procfile' }],
  } as const;
  test('none by itself', () => assert.deepEqual(kinds({}), []));
  test('the database that was chosen', () => assert.deepEqual(kinds({}, { kind: 'postgresql', reason: 'r' }), ['postgresql']));
  test('Redis where it is named, needed, or carries tasks', () => {
    assert.deepEqual(kinds({ services: ['redis'] }), ['redis']);
    assert.deepEqual(kinds({ services: ['rabbitmq'] }), ['redis']);
    assert.deepEqual(kinds({ variables: [{ name: 'REDIS_URL', meaning: 'redis-url', required: true }] }), ['redis']);
    assert.deepEqual(kinds(celery), ['redis']);
  });
  test('Redis where the facts say so', () => {
    const layers = facts({ settings: { CHANNEL_LAYERS: explicit({}) } });
    assert.deepEqual(kinds({}, sqlite, {}, layers), ['redis']);
    assert.deepEqual(kinds({}, sqlite, {}, facts()), []);
  });
  test('for a queue of Huey that is not said to be elsewhere', () => {
    const apps = [{ name: 'huey.contrib.djhuey', label: 'djhuey', path: '' }];
    const queue = (HUEY?: Record<string, unknown>) =>
      facts({ apps, ...(HUEY === undefined ? {} : { settings: { HUEY: explicit(HUEY) } }) });
    assert.deepEqual(kinds({}, sqlite, {}, queue()), ['redis']);
    assert.deepEqual(kinds({}, sqlite, {}, queue({ connection: { host: 'localhost' } })), ['redis']);
    assert.deepEqual(kinds({}, sqlite, {}, queue({ huey_class: 'huey.SqliteHuey' })), []);
    assert.deepEqual(kinds({}, sqlite, {}, queue({ immediate: true })), []);
  });
  test("not beside one of the user's own", () => {
    assert.deepEqual(kinds({ services: ['redis'] }, sqlite, { choices: { env: { REDIS_URL: 'redis://mine' } } }), []);
  });
  test('a channel layer in memory can do without', () => {
    const layers = facts({
      settings: { CHANNEL_LAYERS: explicit({ default: { BACKEND: 'channels.layers.InMemoryChannelLayer' } }) },
    });
    const bare = before({ place: place({ services: {} }) });
    assert.deepEqual(missingServices(bare, sqlite, layers), []);
    assert.equal(missingServices(bare, sqlite, facts({ settings: { CHANNEL_LAYERS: explicit({}) } })).length, 1);
  });
  test('what is not to be had is missing', () => {
    const bare = before({ project: project({ services: ['redis'] }), place: place({ services: {} }) });
    const choice: DatabaseChoice = { kind: 'postgresql', reason: 'r' };
    assert.deepEqual(chooseServices(bare, choice), []);
    assert.deepEqual(
      missingServices(bare, choice).map(({ kind }) => kind),
      ['postgresql', 'redis'],
    );
  });
});

describe('which server', () => {
  const web = (
    choices: NonNullable<ReturnType<typeof before>['choices']['web']>,
    wanted: 'wsgi' | 'asgi' = 'wsgi',
    alone = false,
  ) => chooseWeb(resolveInput({ project: project({ interface: wanted }), choices: { web: choices } }), alone);
  test('Gunicorn for WSGI', () => {
    const { server, application, workers, threads } = web({});
    assert.deepEqual(
      { server, application, workers, threads },
      { server: 'gunicorn', application: 'shop.wsgi:application', workers: 2, threads: 4 },
    );
  });
  test('Uvicorn for ASGI', () => {
    const { server, application, threads } = web({}, 'asgi');
    assert.deepEqual({ server, application, threads }, { server: 'uvicorn', application: 'shop.asgi:application', threads: 1 });
  });
  test('a server that speaks only one of them decides', () => {
    assert.equal(web({ server: 'daphne' }).interface, 'asgi');
    assert.equal(web({ server: 'daphne' }).workers, 1);
    assert.equal(web({ server: 'granian' }).interface, 'wsgi');
    assert.equal(web({ server: 'hypercorn' }, 'asgi').interface, 'asgi');
    assert.equal(web({ server: 'gunicorn' }, 'asgi').interface, 'asgi');
  });
  test('mod_wsgi alone asks for passwords', () => {
    const protect = { '/private/': { groups: ['editors'] }, '/members/': {} };
    assert.deepEqual(web({ server: 'mod_wsgi', protect }).protect, [
      { path: '/private/', realm: 'Members', groups: ['editors'] },
      { path: '/members/', realm: 'Members', groups: [] },
    ]);
    assert.throws(() => web({ protect }), /web\.protect needs web\.server: mod_wsgi/);
  });
  test('a contradiction is the configuration, and names those that would do', () => {
    assert.throws(
      () => web({ server: 'uwsgi', interface: 'asgi' }),
      (error) => error instanceof Failure && error.code === 'WEB_SERVER_INTERFACE' && /uvicorn \| daphne/.test(error.hint ?? ''),
    );
  });
  test('one process where a second would not hear', () => assert.equal(web({ workers: 4 }, 'asgi', true).workers, 1));
  test('the dotted name of the settings will do', () => {
    const { wsgi: _, ...rest } = project();
    const known = facts({ settings: { WSGI_APPLICATION: explicit('shop.wsgi.application') } });
    assert.equal(chooseWeb(resolveInput({ project: rest, facts: known }), false).application, 'shop.wsgi:application');
    assert.equal(chooseWeb(resolveInput({ project: rest }), false).application, '', "nothing named: Django's own");
    const { asgi: __, ...neither } = project({ interface: 'asgi' });
    assert.throws(
      () => chooseWeb(resolveInput({ project: neither, facts: facts({ django: '2.2.28' }) }), false),
      (error) => error instanceof Failure && error.code === 'NO_APPLICATION',
    );
  });
  test('WEB_CONCURRENCY counts', () => {
    assert.equal(chooseWeb(resolveInput({ choices: { env: { WEB_CONCURRENCY: '7' } } }), false).workers, 7);
  });
  const machines: readonly [number, number, number][] = [
    [1, 4, 2],
    [2, 4, 2],
    [8, 16, 8],
    [64, 256, 12],
    [8, 0.5, 2],
    [2, 0.1, 1],
  ];
  for (const [cores, gib, workers] of machines) {
    test(`${cores} cores and ${gib} GiB take ${workers}`, () => assert.equal(workersFor({ cores, memory: gib * GIB }), workers));
  }
});

describe('what is added', () => {
  const added = (sample: ProjectSample, kind: DatabaseChoice['kind'] = 'sqlite', redis = false) => {
    const input = withProject(sample);
    const services = redis ? [{ kind: 'redis', name: 'redis', reason: 'r' } as const] : [];
    const choice = { kind, reason: 'r' } as DatabaseChoice;
    const wanted = chooseInterface(input);
    return chooseAdditions(input, wanted === 'asgi' ? 'uvicorn' : 'gunicorn', wanted, choice, services).map(
      ({ requirement }) => requirement,
    );
  };
  test('the server', () => assert.deepEqual(added({}), ['gunicorn']));
  test('nothing that is declared', () => assert.deepEqual(added({ packages: { gunicorn: '19.9.0' } }), []));
  test('websockets for Uvicorn', () =>
    assert.deepEqual(added({ interface: 'asgi', packages: { uvicorn: '0.30' } }), ['websockets', 'httptools', 'uvloop']));
  const drivers: readonly [string, string][] = [
    ['5.2.17', 'psycopg[binary]'],
    ['>=4.2,<5', 'psycopg[binary]'],
    ['4.1.13', 'psycopg2-binary'],
    ['2.2.28', 'psycopg2-binary<2.9'],
  ];
  for (const [django, driver] of drivers) {
    test(`PostgreSQL for Django ${django}`, () =>
      assert.deepEqual(added({ django, packages: { gunicorn: null } }, 'postgresql'), [driver]));
  }
  test('no second driver', () => assert.deepEqual(added({ packages: { gunicorn: null, psycopg2: '2.9' } }, 'postgresql'), []));
  test('clients of Redis', () => {
    const base = { gunicorn: null };
    assert.deepEqual(added({ packages: base }, 'sqlite', true), ['redis']);
    assert.deepEqual(added({ packages: { ...base, celery: '5' } }, 'sqlite', true), ['celery[redis]']);
    assert.deepEqual(added({ packages: { ...base, channels: '4' } }, 'sqlite', true), ['channels-redis']);
    assert.deepEqual(added({ packages: { ...base, redis: '5', celery: '5' } }, 'sqlite', true), ['packaging']);
    assert.deepEqual(added({ packages: { ...base, redis: '5', celery: '5', packaging: '24' } }, 'sqlite', true), []);
  });
});

describe('what is kept beside the code', () => {
  const kept = (known: Parameters<typeof facts>[0]) => keptPlaces(resolveInput({ facts: facts(known) }));
  test('the database file is the first content', () => {
    assert.deepEqual(kept({}), [
      {
        path: 'db.sqlite3',
        to: '/home/x/data/databases/default.sqlite3',
        how: 'seed',
        kind: 'file',
        reason: 'the database "default"',
      },
    ]);
  });
  test('uploads too', () => {
    const media = kept({ databases: {}, settings: { MEDIA_ROOT: explicit('/src/shop/media', 'path') } });
    assert.deepEqual(media, [{ path: 'media', to: '/home/x/media', how: 'seed', kind: 'folder', reason: 'MEDIA_ROOT' }]);
  });
  const table: readonly [string, string, string | undefined][] = [
    ['DATA_DIR', '/src/shop/var/x', 'var/x'],
    ['LOG_DIR', '/src/shop/anything', 'anything'],
    ['EXPORT_FOLDER', '/src/shop/out/', 'out'],
    ['SENDFILE_ROOT', '/src/shop/private', 'private'],
    ['SOME_PATH', '/src/shop/uploads', 'uploads'],
    ['CONSUMPTION_DIR', '/src/shop/papers', 'papers'],
    ['SCAN_FOLDER', '/src/shop/inbox', 'inbox'],
    ['CONSUMER_RULES_DIR', '/src/shop/rules', undefined],
    ['DATA_DIR', '/var/lib/shop', undefined],
    ['DATA_DIR', '/src/shop', undefined],
    ['DATA_DIR', '/src/shop/../x', undefined],
    ['BASE_DIR', '/src/shop', undefined],
    ['PROJECT_DIR', '/src/shop/shop', undefined],
    ['LOG_PATH', '/src/shop/shop.log', undefined],
    ['STATIC_ROOT', '/src/shop/static', undefined],
    ['LOGIN_URL', '/src/shop/data', undefined],
  ];
  for (const [name, value, path] of table) {
    test(`${name} = ${value}`, () => {
      assert.deepEqual(
        kept({ databases: {}, settings: { [name]: explicit(value) } }).map((one) => one.path),
        path === undefined ? [] : [path],
      );
    });
  }
  test('only the outermost, and search indexes', () => {
    const settings = {
      DATA_DIR: explicit('/src/shop/data'),
      LOG_DIR: explicit('/src/shop/data/logs'),
      HAYSTACK_CONNECTIONS: explicit({ default: { ENGINE: 'whoosh', PATH: '/src/shop/whoosh_index' } }),
    };
    assert.deepEqual(
      kept({ databases: {}, settings }).map((one) => `${one.how} ${one.path} ${one.to}`),
      ['link data /home/x/data/kept/data', 'link whoosh_index /home/x/data/kept/whoosh_index'],
    );
  });
});
