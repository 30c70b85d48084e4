import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InitAnswers, initText } from '../../src/config/init.js';
import { parseConfig } from '../../src/config/parse.js';
import type { Config } from '../../src/config/schema.js';
import { found } from '../../src/core/found.js';
import type { Project, Variable } from '../../src/core/project.js';
import { everySeed, HOSTILE } from './random.js';

const PROJECT: Project = {
  root: '/home/someone/shop',
  name: found('shop', 'pyproject.toml [project]'),
  directory: found('src', 'src/manage.py'),
  settings: found('shop.settings.production', 'src/shop/settings/production.py'),
  settingsCandidates: [],
  python: { required: [found('>=3.11', 'pyproject.toml')], preferred: found('3.12.4', '.python-version') },
  dependencies: {
    manager: found('uv', 'uv.lock'),
    files: ['uv.lock'],
    inputs: ['uv.lock'],
    directory: '',
    groups: [],
    extras: [],
    installProject: false,
    packages: {},
    guessed: [],
  },
  interface: found('wsgi', 'no websockets'),
  processes: [
    { name: 'web', kind: 'web', argv: ['gunicorn', 'shop.wsgi'], from: 'Procfile:1' },
    { name: 'worker', kind: 'worker', argv: ['celery', '-A', 'shop', 'worker', '-Q', "it's; $x"], from: 'Procfile:2' },
  ],
  services: [],
  variables: [],
  frontends: [
    {
      directory: '',
      manager: found('npm', 'package-lock.json'),
      install: ['npm', 'ci'],
      build: [['npm', 'run', 'build']],
      from: 'package.json',
    },
  ],
  natives: [],
  missingFiles: [
    { path: 'shop/local_settings.py', from: 'shop/settings.py:3', example: 'shop/local_settings.py.example', required: true },
    { path: 'shop/extra.py', from: 'shop/settings.py:4', required: false },
  ],
  seeds: [],
  hints: [],
  buildCommands: [],
};

const variable = (name: string, from: string): Variable => ({ name, from, required: true, type: 'string' });

const BLANKS = [variable('STRIPE_KEY', 'shop/settings.py:12'), variable('MAIL_FROM', 'shop/settings.py:13')];

const read = (text: string): Config => parseConfig(text, 'slipway.yml').config;

/** Every key that is switched off, switched on. */
const enabled = (text: string): string => text.replace(/^#(?! \S)/gm, '');

test('only what must be filled in is active', () => {
  const text = initText({ project: PROJECT, blanks: BLANKS });
  assert.deepEqual(read(text), { env: { STRIPE_KEY: null, MAIL_FROM: null }, files: {} });
  assert.match(text, /^ {2}STRIPE_KEY: {2}# fill in: read at shop\/settings\.py:12$/m);
  assert.match(
    text,
    /^ {2}shop\/local_settings\.py: {2}# fill in: wanted at shop\/settings\.py:3; an example is shop\/local_settings\.py\.example$/m,
  );
  assert.match(text, /^#app: shop {2}# pyproject\.toml \[project\]$/m);
  assert.match(text, /^#python: "3\.12" {2}# \.python-version$/m);
});

test('what a run ended for want of is a blank too', () => {
  const { missingFiles, ...rest } = PROJECT;
  assert.equal(missingFiles.length, 2);
  const text = initText({
    project: { ...rest, missingFiles: [] },
    wanted: [
      { kind: 'file', path: 'licences/acme.json', from: 'shop/apps.py:12' },
      { kind: 'index', url: 'https://packages.shop.example/simple/', from: 'requirements.txt' },
      { kind: 'index', from: 'acme (requirements.txt)' },
    ],
  });
  assert.match(text, /^ {2}licences\/acme\.json: {2}# fill in: wanted at shop\/apps\.py:12$/m);
  assert.match(text, /^ {4}url: "https:\/\/packages\.shop\.example\/simple\/" {2}# requirements\.txt$/m);
  assert.match(text, /^ {4}url: {2}# fill in: the index that has acme \(requirements\.txt\)$/m);
  assert.deepEqual(read(text), {
    files: {},
    python_indexes: { private: { url: 'https://packages.shop.example/simple/' }, 'private-2': {} },
  });
  assert.deepEqual(read(text.replaceAll('password:  #', 'password: {secret: ACME}  #')).python_indexes?.['private-2'], {
    password: { secret: 'ACME' },
  });
});

test('with nothing to fill in, the file says nothing', () => {
  const { missingFiles, ...rest } = PROJECT;
  assert.equal(missingFiles.length, 2);
  assert.deepEqual(read(initText({ project: { ...rest, missingFiles: [] } })), {});
});

test('what is switched off is valid too, and says what was detected', () => {
  const config = read(enabled(initText({ project: PROJECT, blanks: BLANKS })));
  assert.equal(config.app, 'shop');
  assert.equal(config.python, '3.12');
  assert.equal(config.settings_module, 'shop.settings.production');
  assert.deepEqual(config.web, { interface: 'wsgi' });
  assert.deepEqual(config.processes, { worker: { command: ['celery', '-A', 'shop', 'worker', '-Q', "it's; $x"] } });
  assert.deepEqual(config.build, [
    ['npm', 'ci'],
    ['npm', 'run', 'build'],
  ]);
  assert.equal(config.environments?.['production']?.target, 'server');
});

test('what was chosen is active, beside what was detected', () => {
  const chosen: InitAnswers['chosen'] = {
    app: 'store',
    settings_module: 'shop.settings.live',
    env: { STRIPE_KEY: { secret: 'STRIPE_KEY' }, PORT: '08' },
    files: { 'shop/local_settings.py': 'deploy/local_settings.py' },
    processes: { worker: false },
    keep: ['var'],
    environments: { production: { target: 'server', hosts: ['deploy@203.0.113.10'] } },
  };
  const text = initText({ project: PROJECT, chosen, blanks: BLANKS });
  assert.deepEqual(read(text), { ...chosen, env: { ...chosen.env, MAIL_FROM: null } });
  assert.match(text, /^# Name of the app\. Detected: shop \(pyproject\.toml \[project\]\)\napp: store$/m);
});

test('hostile names of a project stay in their comments and quotes', () => {
  everySeed(60, (random) => {
    const evil = (): string => random.text(HOSTILE, 15);
    const project: Project = {
      ...PROJECT,
      name: found('shop', evil()),
      settings: found('a.b', evil()),
      python: { required: [], preferred: found('3.12', evil()) },
      interface: found('asgi', evil()),
      processes: [{ name: 'worker', kind: 'worker', argv: ['x', evil(), evil()], from: evil() }],
      frontends: [
        { directory: evil(), manager: found('npm', evil()), install: ['npm', evil()], build: [['npm', evil()]], from: evil() },
      ],
      missingFiles: [{ path: `a${evil()}`, from: evil(), example: evil(), required: true }],
    };
    const text = initText({ project, blanks: [variable('A', evil()), variable('A', evil())] });
    const label = `seed ${random.seed}\n${text}`;
    assert.deepEqual(read(text), { env: { A: null }, files: {} }, label);
    const config = read(enabled(text));
    const [, first, second] = project.processes[0]?.argv ?? [];
    assert.deepEqual(config.processes, { worker: { command: ['x', first, second] } }, label);
    assert.deepEqual(config.build, [project.frontends[0]?.install, ...(project.frontends[0]?.build ?? [])], label);
  });
});
