import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import type { Frontend } from '../../src/core/project.js';
import { type FrontendSpec, frontendSteps, lowestNode, parseFrontendTools } from '../../src/ops/frontend.js';
import { explainFrontend } from '../../src/ops/frontend-failure.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function spec(
  manager: Frontend['manager']['value'],
  files: Readonly<Record<string, string>>,
  more: Partial<FrontendSpec> = {},
): FrontendSpec {
  const frontend: Frontend = {
    directory: 'web',
    manager: { value: manager, from: 'test' },
    install: [manager, 'install'],
    build: [[manager, 'run', 'build']],
    from: 'shop/settings.py:90 wants web/dist',
  };
  return {
    host: 'local',
    home: '/h',
    source: '/s',
    frontend,
    number: 1,
    inputs: Object.entries({ 'package.json': '{}', ...files }).map(([path, content]) => ({ path, content })),
    tools: { node: '20.19.0', managers: ['npm', 'npx'] },
    digest,
    env: {},
    ...more,
  };
}

const installOf = (from: FrontendSpec, name = 'install'): string => {
  const step = frontendSteps(from).build.find((one) => one.id === `frontend.1.${name}`);
  return step?.action.kind === 'run' ? step.action.command.argv.join(' ') : '';
};

test('an absent manager comes through npx, in the version the project names or its lock file needs', () => {
  const table: readonly (readonly [Frontend['manager']['value'], Readonly<Record<string, string>>, string])[] = [
    ['npm', {}, 'npm install'],
    ['pnpm', { 'pnpm-lock.yaml': "lockfileVersion: '6.0'\n" }, 'npx --yes pnpm@8.15.9 install'],
    ['pnpm', { 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }, 'npx --yes pnpm@7.33.7 install'],
    ['pnpm', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }, 'npx --yes pnpm@9.15.9 install'],
    [
      'pnpm',
      { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", 'pnpm-workspace.yaml': 'overrides:\n  vite: ^8\n' },
      'npx --yes pnpm@10.34.8 install',
    ],
    [
      'pnpm',
      { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", 'pnpm-workspace.yaml': 'packages:\n  - web\n' },
      'npx --yes pnpm@9.15.9 install',
    ],
    ['pnpm', { 'package.json': '{"packageManager":"pnpm@8.6.1+sha512.abc"}' }, 'npx --yes pnpm@8.6.1 install'],
    ['yarn', { 'yarn.lock': '# yarn lockfile v1\n' }, 'npx --yes yarn@1.22.22 install'],
    ['yarn', { 'yarn.lock': '__metadata:\n  version: 8\n' }, 'npx --yes --package @yarnpkg/cli-dist@4.9.1 -- yarn install'],
    [
      'yarn',
      { 'package.json': '{"packageManager":"yarn@3.6.4"}' },
      'npx --yes --package @yarnpkg/cli-dist@3.6.4 -- yarn install',
    ],
    ['bun', {}, 'npx --yes bun@1.2.21 install'],
  ];
  for (const [manager, files, expected] of table) assert.equal(installOf(spec(manager, files)), expected);
  assert.equal(installOf(spec('yarn', {}, { tools: { node: '20.19.0', managers: ['npm', 'yarn'] } })), 'yarn install');
});

test('packages are kept where an installation touches nothing but node_modules', () => {
  const kept = (manifest: string): boolean =>
    frontendSteps(spec('npm', { 'package.json': manifest })).stow.some((step) => step.id === 'frontend.1.keep');
  assert.equal(kept('{"dependencies":{"react":"18"}}'), true);
  for (const manifest of [
    '{"workspaces":["packages/*"]}',
    '{"scripts":{"postinstall":"cp -r node_modules/x static/"}}',
    '{"dependencies":{"mine":"file:../mine"}}',
  ]) {
    assert.equal(kept(manifest), false, manifest);
  }
});

test('a package that is lacking comes without a new choice of the others', () => {
  const lacking = (from: FrontendSpec): string => installOf({ ...from, fallback: { packages: ['sass'] } }, 'lacking');
  assert.equal(lacking(spec('npm', { 'package-lock.json': '{}' })), 'npm install --no-save sass', 'npm keeps to its lock file');
  assert.equal(lacking(spec('yarn', { 'yarn.lock': '' })), 'npm install --no-save --no-package-lock sass', 'and writes none');
});

test('a lock file that does not fit package.json is mended in the copy', () => {
  const told = explainFrontend(
    new Failure('FRONTEND_INSTALL_FAILED', 'environment', 'x', { detail: 'ERR_PNPM_OUTDATED_LOCKFILE' }),
  );
  assert.deepEqual(told.fallback, { staleLock: true });
  const mended = (manager: Frontend['manager']['value'], ...install: string[]): string => {
    const from = spec(
      manager,
      {},
      { tools: { node: '22.1.0', managers: ['npm', 'npx', 'yarn', 'pnpm'] }, fallback: { staleLock: true } },
    );
    return installOf({ ...from, frontend: { ...from.frontend, install } });
  };
  assert.equal(mended('npm', 'npm', 'ci'), 'npm install');
  assert.equal(mended('yarn', 'yarn', 'install', '--immutable'), 'yarn install');
  assert.equal(mended('pnpm', 'pnpm', 'install', '--frozen-lockfile'), 'pnpm install --no-frozen-lockfile');
});

test('the key of the packages changes with what they are made of, and only with that', () => {
  const key = (from: FrontendSpec): string => /frontends\/(\w+)/.exec(JSON.stringify(frontendSteps(from)))?.[1] ?? '';
  const one = spec('npm', { 'package-lock.json': '{}' });
  assert.match(key(one), /^[0-9a-f]{20}$/);
  assert.equal(key(one), key({ ...one, source: '/other', env: { A: 'b' } }));
  assert.notEqual(key(one), key(spec('npm', { 'package-lock.json': '{ }' })));
  assert.notEqual(key(one), key({ ...one, tools: { node: '22.1.0', managers: ['npm'] } }));
});

test('Node that is absent or too old is named', () => {
  assert.throws(() => frontendSteps(spec('npm', {}, { tools: { managers: [] } })), {
    code: 'NODE_MISSING',
    kind: 'environment',
    hint: 'apt-get install -y nodejs npm',
  });
  const wants = spec('npm', { 'package.json': '{"engines":{"node":">=22.12"}}' });
  assert.throws(() => frontendSteps(wants), {
    code: 'NODE_TOO_OLD',
    message: /web\/package\.json wants Node >=22\.12, and this machine has 20\.19\.0/,
  });
  assert.throws(() => frontendSteps(spec('npm', { 'package.json': '{,}' })), {
    code: 'PACKAGE_JSON_INVALID',
    message: /web\/package\.json/,
  });
  const table: readonly (readonly [string, number | undefined])[] = [
    ['>=18.12.0', 18],
    ['>=18 <21', 18],
    ['^20.9.0 || ^22.11.0', 20],
    ['18.x', 18],
    ['>= 14', 14],
    ['~16.1', 16],
    ['v20', 20],
    ['*', undefined],
    ['<21', undefined],
    ['lts/*', undefined],
  ];
  for (const [range, expected] of table) assert.equal(lowestNode(range), expected, range);
  assert.deepEqual(parseFrontendTools('v20.20.2\nnpm\nnpx\n'), { node: '20.20.2', managers: ['npm', 'npx'] });
  assert.deepEqual(parseFrontendTools('none\n'), { managers: [] });
});

test('failures of front ends are read', () => {
  const table: readonly (readonly [string, string])[] = [
    ["Error: error:0308010C:digital envelope routines::unsupported\n  code: 'ERR_OSSL_EVP_UNSUPPORTED'", 'FRONTEND_TOO_OLD'],
    [
      'npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.',
      'LOCK_STALE',
    ],
    ['npm error code ERESOLVE\nnpm error ERESOLVE could not resolve', 'FRONTEND_CONFLICT'],
    [
      'npm error code ENOTFOUND\nnpm error errno ENOTFOUND\nnpm error network request to https://registry.invalid/x failed',
      'REGISTRY_UNREACHABLE',
    ],
    ['sh: 1: sass: not found', 'PROGRAM_MISSING'],
    ['npm error Missing script: "build"', 'FRONTEND_BUILD_FAILED'],
  ];
  for (const [detail, code] of table) {
    assert.equal(
      explainFrontend(new Failure('FRONTEND_BUILD_FAILED', 'project', 'npm run build failed', { detail })).failure.code,
      code,
      detail,
    );
  }
  const old = explainFrontend(new Failure('FRONTEND_BUILD_FAILED', 'project', 'x', { detail: 'ERR_OSSL_EVP_UNSUPPORTED' }));
  assert.deepEqual(old.fallback, { env: { NODE_OPTIONS: '--openssl-legacy-provider' } });
  const other = new Failure('BUG', 'bug', 'x', { detail: 'ENOTFOUND' });
  assert.equal(explainFrontend(other).failure, other);
});
