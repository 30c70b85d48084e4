import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { answer, events } from './python-matrix/answers.js';
import { environment, interpreter } from './python-matrix/environment.js';
import { pinsFor, writePins } from './python-matrix/pins.js';
import { python, SCRIPTS } from './python-matrix/run.js';

/** Each series of Django on Pythons it is meant for: oldest, newest, and what distributions ship. */
const MATRIX: readonly (readonly [django: string, python: string])[] = [
  ['1.11', '3.6'],
  ['1.11', '3.7'],
  ['2.2', '3.8'],
  ['2.2', '3.9'],
  ['3.2', '3.9'],
  ['3.2', '3.10'],
  ['4.2', '3.8'],
  ['4.2', '3.11'],
  ['5.2', '3.12'],
  ['6.0', '3.12'],
  ['6.0', '3.13'],
  ['6.1', '3.12'],
  ['6.1', '3.13'],
];

describe('a new project under its pins', { concurrency: 2 }, () => {
  for (const [django, version] of MATRIX) {
    const found = interpreter(version);
    const skip = found === null ? `no Python ${version} here` : false;
    test(`Django ${django} on Python ${version}`, { skip, timeout: 600_000 }, async () => {
      const venv = await environment(found ?? '', [`Django~=${django}.0`]);
      const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-matrix-')));
      try {
        await newProject(venv, root, django);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  }
});

async function newProject(venv: string, root: string, django: string): Promise<void> {
  const project = join(root, 'my shop');
  const started = await python(venv, ['-c', `import os; os.mkdir('my shop')`], { cwd: root });
  assert.equal(started.code, 0, started.stderr);
  await python(venv, ['-m', 'django', 'startproject', 'shop', project], { cwd: root });
  const request = { root: project, directory: project, manage: join(project, 'manage.py'), settings: null, configuration: null };

  const bare = await answer(venv, 'probe', request, {});
  assert.equal(bare.ok, true, JSON.stringify(bare));
  const facts = bare.facts;
  assert.ok(facts.django.startsWith(`${django}.`) || facts.django === django, facts.django);
  assert.equal(facts.settingsModule, 'shop.settings');
  assert.deepEqual(facts.problems, []);
  assert.deepEqual(facts.settings['DEBUG'], { type: 'bool', value: true, explicit: true });
  assert.equal(facts.settings['BASE_DIR']?.type, Number(django) >= 3.1 ? 'path' : 'str');
  assert.equal(facts.settings['SECRET_KEY']?.redacted, true);
  assert.equal(facts.secretKey.set, true);
  assert.deepEqual(facts.settingsFiles, ['manage.py', 'shop/__init__.py', 'shop/settings.py']);
  assert.equal(facts.urls?.admin, '/admin/');
  assert.ok((facts.migrations?.total ?? 0) > 10);
  assert.ok(facts.commands.includes('collectstatic'));

  const pins = pinsFor(facts, root);
  const env = {
    SLIPWAY_PINS: writePins(join(root, 'pins.json'), project, 'shop.settings', pins),
    SECRET_KEY: 'k3'.repeat(16) + 'abcdefghijklmnopqrstuvwxyz',
    DJANGO_SETTINGS_MODULE: 'shop.settings',
    SLIPWAY_RELEASE: '20261121-000000-test',
    SLIPWAY_APPLICATION: 'shop.wsgi:application',
  };
  await pinsHold(venv, project, env, pins);
  const pinned = await answer(venv, 'probe', request, env);
  assert.deepEqual(pinned.facts.settings['DEBUG']?.value, false);
  assert.ok(!JSON.stringify(pinned).includes(env.SECRET_KEY));

  await tasks(venv, root, request, env);
  await serves(venv, project, env);
}

async function pinsHold(venv: string, cwd: string, env: Record<string, string>, pins: ReturnType<typeof pinsFor>): Promise<void> {
  const holds = pins.filter((pin) => pin.op === 'hold' && pin.name !== 'SECRET_KEY');
  const shown = await python(venv, [join(SCRIPTS, 'held.py')], {
    cwd,
    env: { ...env, PYTHONPATH: cwd },
    stdin: JSON.stringify([...holds.map((pin) => pin.name), 'SECRET_KEY']),
  });
  assert.equal(shown.code, 0, shown.stderr);
  const held: Record<string, readonly [unknown, unknown]> = JSON.parse(shown.stdout);
  for (const pin of holds) assert.deepEqual(held[pin.name], [pin.value, pin.value], pin.name);
  assert.deepEqual(held['SECRET_KEY'], [env['SECRET_KEY'], env['SECRET_KEY']]);
}

async function tasks(venv: string, root: string, request: object, env: Record<string, string>): Promise<void> {
  const jobs = [
    { job: 'check' },
    { job: 'plan' },
    { job: 'migrate' },
    { job: 'plan' },
    { job: 'createcachetable' },
    { job: 'collectstatic', root: join(root, 'static'), manifest: 'try' },
  ];
  const told = await events(venv, { ...request, jobs }, env);
  assert.deepEqual(
    told.filter((event) => event.event !== 'progress').map((event) => `${event.job} ${event.event}`),
    ['check done', 'plan done', 'migrate done', 'plan done', 'createcachetable done', 'collectstatic done'],
    JSON.stringify(told),
  );
  const done = (job: string, nth = 0) => told.filter((event) => event.job === job && event.event === 'done')[nth]?.fields ?? {};
  const messages = done('check')['messages'];
  assert.ok(Array.isArray(messages));
  assert.deepEqual(
    messages.filter((message) => !message.silenced),
    [],
  );
  const planned = done('plan')['migrations'];
  assert.ok(Array.isArray(planned) && planned.length > 10);
  assert.deepEqual((done('migrate')['applied'] as unknown[]).length, planned.length);
  assert.deepEqual(done('migrate')['lock'], { default: 'file' });
  assert.deepEqual(done('plan', 1)['migrations'], []);
  assert.ok('skipped' in done('createcachetable'));
  assert.equal(done('collectstatic')['storage'], 'manifest', JSON.stringify(done('collectstatic')));
  assert.ok(Number(done('collectstatic')['files']) > 100);
}

async function serves(venv: string, cwd: string, env: Record<string, string>): Promise<void> {
  const edge = { Host: 'shop.example', 'X-Forwarded-Proto': 'https', 'X-Real-IP': '203.0.113.9' };
  const asked = [
    ['login', '/admin/login/', edge],
    ['plain', '/admin/login/', { ...edge, 'X-Forwarded-Proto': 'http' }],
    ['other', '/admin/login/', { ...edge, Host: 'other.example' }],
    ['live', '/-/health/live', {}],
    ['ready', '/-/health/ready', {}],
  ];
  const served = await python(venv, [join(SCRIPTS, 'serve.py')], {
    cwd,
    env: { ...env, PYTHONPATH: cwd },
    stdin: JSON.stringify(asked),
  });
  assert.equal(served.code, 0, served.stderr);
  const answers: Record<string, { status: number; body: string; headers: Record<string, string> }> = JSON.parse(served.stdout);
  assert.equal(answers['login']?.status, 200, served.stderr);
  assert.match(answers['login']?.body ?? '', /static\/admin\/css\/base\.[0-9a-f]{12}\.css/);
  assert.equal(answers['plain']?.status, 301);
  assert.equal(answers['plain']?.headers['location'], 'https://shop.example/admin/login/');
  assert.equal(answers['other']?.status, 400);
  assert.equal(answers['live']?.status, 200);
  const { age, ...ready } = JSON.parse(answers['ready']?.body ?? '{}');
  assert.equal(typeof age, 'number');
  assert.deepEqual(ready, {
    ready: true,
    release: env['SLIPWAY_RELEASE'],
    checks: { import: 'ok', database: 'ok', migrations: 'ok', cache: 'ok' },
    background: [],
  });
}
