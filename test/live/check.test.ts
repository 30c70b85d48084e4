import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { check } from '../../src/flows/check.js';
import type { Context } from '../../src/flows/context.js';
import { init } from '../../src/flows/init.js';
import { localHost } from '../../src/hosts/local.js';
import { slipway } from '../support/slipway.js';
import { byTheBook, SERIES, seriesMissing, startProject } from './check-projects.js';
import { sandbox } from './lab/sandbox.js';

/** Tools and environments are made once for all of these; each project has its own state in it. */
let home = '';
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'sw-check-home-'));
});
after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

async function project(test: TestContext): Promise<Context & { folder: string }> {
  const { folder } = await sandbox(test);
  const directory = join(folder, 'shop');
  mkdirSync(directory);
  return {
    folder,
    directory,
    environment: 'local',
    home,
    host: localHost(),
    report: () => {},
    signal: new AbortController().signal,
    confirm: async () => false,
  };
}

const unhandled = (findings: readonly { id: string; handled: boolean }[]) =>
  findings.filter(({ handled }) => !handled).map(({ id }) => id);
const seen = (findings: readonly { id: string }[]) => [...new Set(findings.map(({ id }) => id))].sort();
const gitStatus = (directory: string): string =>
  execFileSync('git', ['-C', directory, 'status', '--porcelain', '--ignored'], { encoding: 'utf8' });

for (const series of SERIES) {
  test(`Django ${series.django}: startproject with its production settings by the book has no finding`, {
    skip: seriesMissing(series),
  }, async (t) => {
    const shop = await project(t);
    await startProject(series, shop.directory);
    byTheBook(series, shop.directory);
    const { findings } = await check(shop, new Date(series.day));
    // The admin that startproject brings has no limit on log-ins; the edge has one.
    assert.deepEqual(
      findings.map(({ id, handled }) => [id, handled]),
      [['admin.unlimited', true]],
    );
  });

  test(`Django ${series.django}: startproject as it is made is told all that the checklist says, and all of it is handled`, {
    skip: seriesMissing(series),
  }, async (t) => {
    const shop = await project(t);
    await startProject(series, shop.directory);
    const before = gitStatus(shop.directory);
    const { findings, overrides, project: detected } = await check(shop, new Date(series.day));
    const expected = [
      'admin.unlimited',
      'cookies.csrf-insecure',
      'cookies.session-insecure',
      'database.sqlite-shared',
      'debug.on',
      'errors.nobody-told',
      'hosts.none',
      'https.hsts',
      'https.no-redirect',
      'secret-key.literal',
    ];
    const mail = series.django === '6.1' ? ['email.development-backend'] : [];
    assert.deepEqual(seen(findings), [...expected, ...mail].sort());
    assert.deepEqual(unhandled(findings), ['errors.nobody-told']);
    assert.equal(findings.find(({ id }) => id === 'debug.on')?.where.split(':')[0], 'shop/settings.py');
    for (const name of ['DEBUG', 'SECRET_KEY', 'ALLOWED_HOSTS'])
      assert.ok(
        overrides.some(({ setting }) => setting === name),
        name,
      );
    assert.equal(detected['django']?.value?.toString().startsWith(series.django), true);
    assert.equal(gitStatus(shop.directory), before);
  });
}

const FIVE: (typeof SERIES)[number] = { django: '5.2', python: '/usr/bin/python3', day: '2026-06-01' };

test('Changed models without a migration, and secrets of the repository, are found where they are', async (t) => {
  const shop = await project(t);
  await startProject(FIVE, shop.directory);
  byTheBook(FIVE, shop.directory);
  const write = (path: string, text: string) => {
    mkdirSync(join(shop.directory, path, '..'), { recursive: true });
    writeFileSync(join(shop.directory, path), text);
  };
  write('books/__init__.py', '');
  write(
    'books/models.py',
    'from django.db import models\nclass Book(models.Model):\n    title = models.TextField()\n    class Meta:\n        app_label = "books"\n',
  );
  write('papers/__init__.py', '');
  write('papers/migrations/__init__.py', '');
  write(
    'papers/migrations/0001_initial.py',
    `from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))],
        )
    ]
`,
  );
  write('papers/models.py', 'from django.db import models\nclass Paper(models.Model):\n    file = models.FileField()\n');
  write('.env', 'PAYMENT_SECRET=rk_9Qe81nXz\n');
  const settings = join(shop.directory, 'shop/settings.py');
  execFileSync('sh', [
    '-c',
    'printf "INSTALLED_APPS += [%s, %s]\nUSE_X_FORWARDED_HOST = True\n" "\'books\'" "\'papers\'" >> "$1"',
    'sh',
    settings,
  ]);
  execFileSync('git', ['-C', shop.directory, 'add', '.']);
  const { findings } = await check(shop, new Date(FIVE.day));
  const by = (id: string) => findings.find((finding) => finding.id === id);
  assert.match(by('migrations.missing')?.message ?? '', /papers/);
  assert.match(by('migrations.none')?.message ?? '', /books/);
  assert.equal(by('secrets.tracked-env')?.where, '.env:1');
  assert.equal(by('files.uploads-as-pages')?.where, 'papers/models.py:3');
  assert.equal(by('hosts.forwarded')?.handled, true);
  assert.deepEqual(unhandled(findings), ['migrations.missing', 'secrets.tracked-env', 'migrations.none']);
  assert.equal(gitStatus(shop.directory).includes('??'), false);
});

test('Settings that do not load: the failure is a finding, what was read is told too, and init asks for the variable', async (t) => {
  const shop = await project(t);
  await startProject(FIVE, shop.directory);
  const settings = join(shop.directory, 'shop/settings.py');
  execFileSync('sh', [
    '-c',
    'printf "import os\nnames = [\'SHOP_%%s\' %% part for part in (\'LICENCE\',)]\nLICENCE = os.environ[names[0]]\n" >> "$1"',
    'sh',
    settings,
  ]);
  const ran = await slipway(['check', shop.directory, '--json'], { home: shop.home });
  assert.equal(ran.code, 4, ran.stderr);
  const { findings } = await check(shop, new Date(FIVE.day));
  const failure = findings.find(({ id }) => id === 'project.does-not-load');
  assert.match(failure?.message ?? '', /SHOP_LICENCE/);
  assert.match(failure?.where ?? '', /^shop\/settings\.py:\d+$/);
  assert.ok(findings.some(({ id }) => id === 'secret-key.literal'));
  const { text } = await init(shop, { force: false });
  assert.match(text, /^ {2}SHOP_LICENCE: {2}# fill in/m);
});

const PRODUCTION = `app: shop
environments:
  production:
    target: server
    hosts: [deploy@203.0.113.10]
    domains: [www.shop.test]
    database: {url: {secret: SHOP_DATABASE}}
    env:
      DB_NAME: shop
      DB_USER: shop
      DB_PASSWORD: {secret: SHOP_MODE}
      DB_HOST: db.shop.test
      SHOP_MODE: {secret: SHOP_MODE}
`;

test('An environment that is elsewhere is judged by its own names and values, and nothing of it is asked for', async (t) => {
  const shop = await project(t);
  await startProject(FIVE, shop.directory);
  byTheBook(FIVE, shop.directory);
  appendFileSync(
    join(shop.directory, 'shop/settings.py'),
    `assert os.environ["DATABASE_URL"].startswith("postgres://")
MODE = os.environ["SHOP_MODE"]
LICENCE = os.environ["SHOP_LICENCE"]
SESSION_COOKIE_DOMAIN = "shop.example"
`,
  );
  writeFileSync(join(shop.directory, 'slipway.yml'), PRODUCTION);
  const { findings } = await check({ ...shop, environment: 'production' }, new Date(FIVE.day));
  assert.deepEqual(
    findings.map(({ id, severity, handled }) => [id, severity, handled]),
    [
      ['environment.variable-unset', 'error', false],
      ['cookies.domain', 'error', true],
      ['admin.unlimited', 'warning', true],
      ['hosts.foreign', 'warning', true],
      ['environment.secret-unset', 'info', false],
      ['environment.secret-unset', 'info', false],
    ],
  );
  assert.match(findings[0]?.message ?? '', /SHOP_LICENCE/);
  const ran = await slipway(['check', shop.directory, '-e', 'production', '--json'], { home: shop.home });
  assert.equal(ran.code, 4, ran.stderr);
  assert.equal(ran.result['environment'], 'production');
  const up = await slipway(['up', shop.directory, '-e', 'production', '--json'], { home: shop.home });
  assert.equal(up.code, 2);
  writeFileSync(join(shop.directory, 'slipway.yml'), `${PRODUCTION}      SHOP_LICENCE: abc\n`);
  const again = await check({ ...shop, environment: 'production' }, new Date(FIVE.day));
  assert.equal(
    again.findings.some(({ id }) => id === 'environment.variable-unset'),
    false,
  );
});

test('Dependencies that cannot be installed are a finding beside those of the source', async (t) => {
  const shop = await project(t);
  await startProject(FIVE, shop.directory);
  writeFileSync(join(shop.directory, 'requirements.txt'), 'django==5.2.*\nno-such-distribution-of-anyone==9.9\n');
  const { findings } = await check(shop, new Date(FIVE.day));
  assert.deepEqual(seen(findings.filter(({ severity }) => severity === 'error')), [
    'environment.cannot-be-made',
    'secret-key.literal',
  ]);
});

test('The second time is quick on 5,000 files, and nothing of a release is touched', async (t) => {
  const shop = await project(t);
  await startProject(FIVE, shop.directory);
  for (let folder = 0; folder < 100; folder++) {
    const path = join(shop.directory, `assets/${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 50; file++) writeFileSync(join(path, `${file}.txt`), `${folder} ${file}\n`);
  }
  const first = await slipway(['check', shop.directory, '--json'], { home: shop.home });
  // Hashes of files that have just been written are not kept yet.
  await new Promise((wake) => setTimeout(wake, 2100));
  await slipway(['check', shop.directory, '--json'], { home: shop.home });
  const began = performance.now();
  const again = await slipway(['check', shop.directory, '--json'], { home: shop.home });
  const seconds = (performance.now() - began) / 1000;
  assert.deepEqual(again.result['findings'], first.result['findings']);
  assert.ok(seconds < 2, `${seconds} s`);
  const key = createHash('sha256').update(shop.directory).digest('hex').slice(0, 8);
  const app = `${basename(shop.directory)}-${key}`;
  assert.deepEqual(readdirSync(join(shop.home, 'apps', app, 'local')).sort(), ['cache', 'check']);
  assert.equal(statSync(join(shop.home, 'apps', app, 'local/check/evidence.json')).mode & 0o077, 0);
});
