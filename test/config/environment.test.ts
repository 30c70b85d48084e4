import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesOf, secretsNamed } from '../../src/config/choices.js';
import { environmentConfig, environmentNames } from '../../src/config/environment.js';
import { parseConfig } from '../../src/config/parse.js';

const { config } = parseConfig(
  `app: shop
python: "3.12"
settings: {A: 1, STORAGES: {default: {BACKEND: x}, other: 1}, KEY: {nested: [{secret: IN_SETTINGS}]}}
env: {A: general, B: general, C: , SECRET: {secret: ONE}}
files: {a.py: x}
build: [npm ci, npm run build]
web: {server: gunicorn, workers: 3, middleware: ["a:b", "c:d"], cache: {seconds: 5, paths: [/a]}, max_body: 2kB}
processes: {worker: {command: celery worker, scale: 2, stop_seconds: 300}, mailer: {command: mailer}, beat: false}
cron: {clean: {command: clear, at: "04:15"}}
hooks: {before_migrate: ./a, after_build: ./b}
environments:
  staging: {target: server, hosts: [a.example]}
  production:
    target: server
    hosts: [a.example]
    python: "3.13"
    settings: {STORAGES: keep, B: 2}
    env: {A: own, C: filled, SECRET: text}
    files: {b.py: y}
    build: []
    web: {workers: 8, middleware: ["e:f"], cache: {seconds: 1}}
    processes: {worker: {scale: 4}, mailer: false, beat: {command: celery beat}, extra: {command: more}}
    cron: {clean: false}
    hooks: {before_migrate: ./c}
    database: {url: {secret: DATABASE_URL}}
`,
  'slipway.yml',
);

test('an environment’s own keys win, maps are merged, lists and values are replaced', () => {
  assert.deepEqual(environmentConfig(config, 'production'), {
    name: 'production',
    target: 'server',
    hosts: ['a.example'],
    app: 'shop',
    python: '3.13',
    settings: { A: 1, STORAGES: 'keep', B: 2, KEY: { nested: [{ secret: 'IN_SETTINGS' }] } },
    env: { A: 'own', B: 'general', C: 'filled', SECRET: 'text' },
    files: { 'a.py': 'x', 'b.py': 'y' },
    build: [],
    web: { server: 'gunicorn', workers: 8, middleware: ['e:f'], cache: { seconds: 1, paths: ['/a'] }, max_body: 2048 },
    processes: {
      worker: { command: ['celery', 'worker'], scale: 4, stop_seconds: 300 },
      mailer: false,
      beat: { command: ['celery', 'beat'] },
      extra: { command: ['more'] },
    },
    cron: { clean: false },
    hooks: { before_migrate: ['./c'], after_build: ['./b'] },
    database: { url: { secret: 'DATABASE_URL' } },
  });
});

test('what one environment says does not reach another', () => {
  const { env, processes, target, database } = environmentConfig(config, 'staging');
  assert.deepEqual(env, { A: 'general', B: 'general', SECRET: { secret: 'ONE' } });
  assert.deepEqual(processes['beat'], false);
  assert.equal(target, 'server');
  assert.equal(database, undefined);
});

test('local always exists', () => {
  assert.deepEqual(environmentConfig({}, 'local'), {
    name: 'local',
    target: 'local',
    env: {},
    settings: {},
    files: {},
    web: {},
    processes: {},
    cron: {},
    hooks: {},
  });
  assert.deepEqual(environmentNames({}), ['local']);
  assert.deepEqual(environmentNames(config), ['local', 'staging', 'production']);
});

test('an unknown environment is told with the nearest', () => {
  assert.throws(() => environmentConfig(config, 'prodution'), {
    code: 'ENVIRONMENT_UNKNOWN',
    kind: 'usage',
    hint: 'did you mean production?',
  });
  assert.throws(() => environmentConfig(config, 'x'), { hint: 'known: local, staging, production' });
  for (const name of ['toString', '__proto__'])
    assert.throws(() => environmentConfig(config, name), { code: 'ENVIRONMENT_UNKNOWN' });
});

test('as choices: the command line wins, secrets stay references', () => {
  const production = environmentConfig(config, 'production');
  assert.deepEqual(choicesOf(production, { A: 'typed', D: { secret: 'given.D.1' } }), {
    app: 'shop',
    settings: production.settings,
    env: { A: 'typed', B: 'general', C: 'filled', SECRET: 'text', D: { secret: 'given.D.1' } },
    web: { server: 'gunicorn', workers: 8, middleware: ['e:f'], cache: { seconds: 1, paths: ['/a'] }, maxBody: 2048 },
    processes: {
      worker: { command: ['celery', 'worker'], scale: 4, stopSeconds: 300 },
      mailer: false,
      beat: { command: ['celery', 'beat'] },
      extra: { command: ['more'] },
    },
    database: { url: { secret: 'DATABASE_URL' } },
  });
  const jobs = {
    clean: { command: ['clear'], at: '04:15' },
    off: false as const,
    slow: { command: ['s'], at: '* * * * *', stop_seconds: 600 },
  };
  assert.deepEqual(choicesOf(environmentConfig({ cron: jobs }, 'local')).cron, [
    { name: 'clean', argv: ['clear'], at: '04:15', stopSeconds: 60 },
    { name: 'slow', argv: ['s'], at: '* * * * *', stopSeconds: 600 },
  ]);
  assert.deepEqual(choicesOf(environmentConfig({ web: { cache: { seconds: 2 } } }, 'local')).web, {
    cache: { seconds: 2, paths: ['/'] },
  });
});

test('every secret that is named is known before it is needed', () => {
  assert.deepEqual(secretsNamed(environmentConfig(config, 'production')), ['DATABASE_URL', 'IN_SETTINGS']);
  assert.deepEqual(secretsNamed(environmentConfig(config, 'staging')), ['IN_SETTINGS', 'ONE']);
});
