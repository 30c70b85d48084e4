import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { doctor } from '../../src/flows/doctor.js';
import type { DoctorEntry } from '../../src/flows/results.js';
import { PLAIN, projectContext } from './context.js';

const entry = (entries: readonly DoctorEntry[], name: string): DoctorEntry => {
  const found = entries.find((one) => one.name === name);
  assert.ok(found !== undefined, `${name} is not among ${entries.map((one) => one.name).join(', ')}`);
  return found;
};

test('What the machine has is told, each with who needs it, and nothing is built', async (context) => {
  const shop = await projectContext(context, PLAIN);
  const { entries } = await doctor(shop);
  for (const name of ['Node.js', 'state folder', 'disk', 'clock', 'Python', 'venv module', 'nginx']) entry(entries, name);
  assert.match(entry(entries, 'Python').found, /^3\.1\d/);
  for (const { ok, mend, neededBy } of entries) {
    assert.equal(ok, mend === '');
    assert.notEqual(neededBy, '');
  }
  assert.ok(!(await readdir(shop.home)).includes('environments'));
});

test('A Python that is not there is named with the command that brings it', async (context) => {
  const shop = await projectContext(context, {
    ...PLAIN,
    '.python-version': '3.12\n',
    'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.99"\n',
  });
  const python = entry((await doctor(shop)).entries, 'Python');
  assert.equal(python.ok, false);
  assert.match(python.found, />=3\.99 \(pyproject\.toml/);
  assert.notEqual(python.mend, '');
});

test('What slipway.yml decides is looked for, and what it replaces is not', async (context) => {
  const shop = await projectContext(context, {
    ...PLAIN,
    'package.json': '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "6"}}',
    'slipway.yml': 'python: "3.99"\nbuild: []\nenvironments: {local: {database: {url: "postgres://me@db.example/shop"}}}\n',
    'shop/settings.py': `INSTALLED_APPS = ['django.contrib.auth']
DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop'}}
`,
  });
  const { entries } = await doctor(shop);
  const python = entry(entries, 'Python');
  assert.equal(python.ok, false);
  assert.match(python.found, /3\.99/);
  assert.ok(!entries.some(({ name }) => /^(PostgreSQL|npm|Node\.js for)/.test(name)), JSON.stringify(entries));
});

test('A program that the project calls and the machine lacks is named', async (context) => {
  const shop = await projectContext(context, {
    ...PLAIN,
    'requirements.txt': 'django==5.2.8\npython-ldap==3.4.4\n',
  });
  const { entries } = await doctor(shop);
  const lacking = entries.filter(({ ok }) => !ok);
  // Whether this machine has the headers is its own affair; that they are looked for is not.
  assert.ok(entries.some(({ neededBy }) => neededBy === 'python-ldap'));
  for (const { mend } of lacking) assert.match(mend, /^(apt-get install|https:)/);
});

test('A project that needs PostgreSQL and Redis is told where these come from', async (context) => {
  const shop = await projectContext(context, {
    ...PLAIN,
    'shop/settings.py': `INSTALLED_APPS = ['django.contrib.auth']
DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop'}}
CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': 'redis://localhost'}}
`,
  });
  const { entries } = await doctor(shop);
  assert.ok(entry(entries, 'PostgreSQL').ok);
  assert.ok(entry(entries, 'Redis').ok);
});

test('A front end wants Node, and a newer one than this by name', async (context) => {
  const shop = await projectContext(context, {
    ...PLAIN,
    'package.json': '{"scripts": {"build": "vite build"}, "engines": {"node": ">=99"}, "dependencies": {"vite": "5"}}',
    'package-lock.json': '{"lockfileVersion": 3}',
    'vite.config.js': "export default {build: {outDir: 'shop/static/dist'}}",
    'shop/settings.py': `${PLAIN['shop/settings.py']}
INSTALLED_APPS += ['django_vite']
DJANGO_VITE = {'default': {'manifest_path': 'shop/static/dist/manifest.json'}}
STATICFILES_DIRS = ['shop/static/dist']
`,
  });
  const node = entry((await doctor(shop)).entries, 'Node.js for package.json');
  assert.equal(node.ok, false);
  assert.match(node.mend, /Node 99 or newer/);
});

test('Without a project, the machine alone is looked at', async (context) => {
  const empty = await projectContext(context, { 'readme.txt': 'x' });
  const { entries } = await doctor(empty);
  assert.ok(entry(entries, 'disk').ok);
  assert.ok(!entries.some(({ name }) => name === 'Python'));
});

test('A home that cannot be made is named', async (context) => {
  const shop = await projectContext(context, PLAIN);
  // A file is in its way: nobody, root included, can make a folder below it.
  const { entries } = await doctor({ ...shop, home: join(shop.directory, 'manage.py', 'home') });
  const home = entry(entries, 'state folder');
  assert.deepEqual([home.ok, home.mend], [false, 'export SLIPWAY_HOME=$HOME/slipway']);
});
