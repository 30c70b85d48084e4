import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Dependencies } from '../../../src/core/project.js';
import {
  type EnvironmentInputs,
  type EnvironmentSpec,
  environmentKey,
  environmentSteps,
  environmentWarnings,
  installsFromTree,
} from '../../../src/targets/local/environment.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const dependencies: Dependencies = {
  manager: { value: 'requirements', from: 'requirements.txt' },
  files: ['requirements.txt'],
  inputs: ['requirements.txt'],
  directory: '',
  groups: [],
  extras: [],
  installProject: false,
  packages: {},
  guessed: [],
};

const base: EnvironmentInputs = {
  scope: 'shop/local',
  interpreter: { path: '/usr/bin/python3.12', version: '3.12.1' },
  dependencies,
  inputs: [{ path: 'requirements.txt', content: 'django==5.2\n' }],
  additions: ['gunicorn', 'psycopg[binary]'],
  runtimeHash: 'r1',
  sourceHash: 's1',
};

test('the key names everything an environment is made of, and nothing else', () => {
  const key = (more: Partial<EnvironmentInputs> = {}): string => environmentKey({ ...base, ...more }, digest);
  assert.match(key(), /^[0-9a-f]{20}$/);
  assert.equal(key(), key({ additions: ['psycopg[binary]', 'gunicorn'] }), 'whatever the order of the additions');
  assert.equal(key(), key({ sourceHash: 's2' }), 'a changed source needs no new environment');
  const others: readonly Partial<EnvironmentInputs>[] = [
    { scope: 'shop/staging' },
    { interpreter: { path: '/usr/bin/python3.12', version: '3.12.2' } },
    { interpreter: { path: '/opt/python3.12', version: '3.12.1' } },
    { inputs: [{ path: 'requirements.txt', content: 'django==5.2.1\n' }] },
    { additions: ['gunicorn'] },
    { runtimeHash: 'r2' },
    { dependencies: { ...dependencies, groups: ['prod'] } },
    { dependencies: { ...dependencies, extras: ['prod'] } },
    { dependencies: { ...dependencies, files: ['requirements/production.txt'] } },
    { dependencies: { ...dependencies, manager: { value: 'none', from: 'x' } } },
    { dependencies: { ...dependencies, installProject: true } },
  ];
  assert.equal(new Set([key(), ...others.map(key)]).size, others.length + 1);
  const own = { dependencies: { ...dependencies, installProject: true } };
  assert.notEqual(key(own), key({ ...own, sourceHash: 's2' }), 'unless code of the tree is installed');
});

test('code of the tree in the environment is noticed', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['requirements.txt', '-e .\n', true],
    ['requirements.txt', 'django\n--editable=./libs/x\n', true],
    ['requirements.txt', './libs/x[fast]\n', true],
    ['requirements.txt', 'mine @ file:libs/x\n', true],
    ['requirements.txt', '-e git+https://example.org/x.git#egg=x\n', false],
    ['requirements.txt', 'django==5.2  # see ./docs\n', false],
    ['Pipfile.lock', '{"default":{"mine":{"path":"./libs/mine","editable":true}}}', true],
    ['Pipfile.lock', '{"default":{"django":{"version":"==5.2"}}}', false],
    ['uv.lock', 'source = { editable = "libs/mine" }', true],
    ['uv.lock', 'source = { virtual = "." }', false],
  ];
  for (const [path, content, expected] of table)
    assert.equal(installsFromTree(dependencies, [{ path, content }]), expected, `${path}: ${content}`);
});

const spec: EnvironmentSpec = {
  host: 'local',
  home: '/home/me/.local/state/slipway',
  key: 'abc',
  interpreter: base.interpreter,
  source: '/s',
  dependencies,
  inputs: base.inputs,
  additions: base.additions,
  runtime: '/slipway/python/slipway_runtime',
  scripts: '/slipway/python/slipway_tools',
  env: {},
};

test('every step of it is skipped once it is whole, and the mark comes last', () => {
  const steps = environmentSteps({ ...spec, fallback: {} });
  assert.deepEqual(
    steps.map((step) => step.id),
    ['create', 'install', 'freeze', 'additions', 'finish'].map((name) => `environment.${name}`),
  );
  assert.deepEqual(
    environmentSteps(spec).map((step) => step.id),
    ['create', 'install', 'finish'].map((name) => `environment.${name}`),
    'in one go first, and apart where that fails',
  );
  for (const { action } of steps) {
    assert.ok(action.kind === 'run' && action.check !== undefined);
    assert.match(JSON.stringify(action.check), /environments\/abc\/\.complete/);
  }
  assert.equal(
    environmentSteps({ ...spec, additions: [] }).some((step) => step.id === 'environment.additions'),
    false,
  );
  assert.deepEqual(JSON.parse(JSON.stringify(steps)), steps, 'plain data');
});

test('a second way is warned about', () => {
  const codes = (more: Partial<EnvironmentSpec>): string[] =>
    environmentWarnings({ ...spec, ...more }).map((warning) => warning.code);
  assert.deepEqual(codes({}), []);
  assert.deepEqual(codes({ fallback: { buildConstraints: ['setuptools<58'] } }), ['old-build']);
  assert.deepEqual(codes({ fallback: { installer: 'pip' } }), ['installed-by-pip']);
  const conda = {
    dependencies: { ...dependencies, manager: { value: 'conda', from: 'x' } },
    inputs: [{ path: 'environment.yml', content: 'dependencies: []' }],
  } as const;
  assert.deepEqual(codes(conda), ['conda-from-pypi']);
});

test("what comes as an addition is left out of the project's own dependencies alone", () => {
  const spec: EnvironmentSpec = {
    host: 'local',
    home: '/home/x',
    key: 'k',
    interpreter: base.interpreter,
    source: '/src',
    dependencies: { ...dependencies, manager: { value: 'uv', from: 'uv.lock' }, files: ['uv.lock'] },
    inputs: [],
    additions: ['Some_Driver>=2', 'gunicorn'],
    runtime: '/runtime',
    scripts: '/scripts',
    env: {},
    fallback: { without: ['some-driver', 'unbuilt'] },
  };
  const argv = (id: string): readonly unknown[] =>
    environmentSteps(spec).flatMap((step) =>
      step.id === `environment.${id}` && step.action.kind === 'run' ? step.action.command.argv : [],
    );
  assert.deepEqual(
    argv('install').filter((_, at, all) => all[at - 1] === '--no-install-package'),
    ['some-driver', 'unbuilt'],
  );
  const overrides = argv('additions').find((_, at, all) => all[at - 1] === '--overrides');
  const file = environmentSteps(spec).find(({ action }) => action.kind === 'file' && action.path === overrides);
  assert.equal(file?.action.kind === 'file' ? file.action.content : undefined, 'unbuilt ; python_version < "0"\n');
});
