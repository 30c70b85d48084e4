import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import type { Frontend } from '../../src/core/project.js';
import { localHost } from '../../src/hosts/local.js';
import {
  FRONTEND_INPUTS,
  type FrontendSpec,
  type FrontendTools,
  frontendQuery,
  frontendSteps,
  parseFrontendTools,
} from '../../src/ops/frontend.js';
import { explainFrontend } from '../../src/ops/frontend-failure.js';
import { Lab, perform, sha256 } from '../support/environment-lab.js';

const lab = new Lab();
let tools: FrontendTools = { managers: [] };
before(async () => {
  tools = parseFrontendTools((await localHost().exec(frontendQuery())).stdout);
});
after(() => lab.close());

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/frontend/${name}`, import.meta.url), 'utf8');
const MANIFEST = JSON.stringify({
  name: 'shop',
  private: true,
  scripts: { build: 'node build.cjs' },
  dependencies: { 'is-number': '7.0.0' },
});
const BUILD = `const ok = require('is-number')(5);
require('fs').mkdirSync('dist', { recursive: true });
require('fs').writeFileSync('dist/out.js', JSON.stringify([ok, process.env.NODE_ENV]));
console.log('bundled');
`;

function project(
  name: string,
  lock: string,
  install: readonly string[],
  files: Readonly<Record<string, string>> = {},
): FrontendSpec {
  const manager = install[0] as Frontend['manager']['value'];
  const all = { 'web/package.json': MANIFEST, 'web/build.cjs': BUILD, [`web/${lock}`]: fixture(lock), ...files };
  const source = lab.project(name, all);
  const inputs = FRONTEND_INPUTS.filter((path) => existsSync(join(source, 'web', path))).map((path) => ({
    path,
    content: readFileSync(join(source, 'web', path), 'utf8'),
  }));
  const frontend: Frontend = {
    directory: 'web',
    manager: { value: manager, from: lock },
    install,
    build: [[manager, 'run', 'build']],
    from: 'test',
  };
  return { host: 'local', home: lab.home, source, frontend, number: 1, inputs, tools, digest: sha256, env: {} };
}

for (const [manager, lock, ...install] of [
  ['npm', 'package-lock.json', 'npm', 'ci'],
  ['pnpm', 'pnpm-lock.yaml', 'pnpm', 'install', '--frozen-lockfile'],
  ['yarn', 'yarn.lock', 'yarn', 'install', '--frozen-lockfile'],
] as const) {
  test(`${manager}: built in the copy, packages kept for the next release`, async () => {
    const first = project(`${manager} 1`, lock, install);
    const steps = frontendSteps(first);
    const done = await perform(steps.build);
    assert.equal(done.steps['frontend.1.install'], 'done');
    assert.match(done.output, /bundled/);
    assert.deepEqual(JSON.parse(readFileSync(join(first.source, 'web/dist/out.js'), 'utf8')), [true, 'production']);
    assert.ok(existsSync(join(first.source, 'web/node_modules/is-number')), 'there for collectstatic');
    await perform(steps.stow);
    assert.ok(!readdirSync(join(first.source, 'web')).includes('node_modules'));
    const second = project(`${manager} 2`, lock, install);
    const again = frontendSteps(second);
    assert.equal((await perform(again.build)).steps['frontend.1.install'], 'same');
    assert.ok(existsSync(join(second.source, 'web/dist/out.js')));
    await perform(again.stow);
    assert.ok(!existsSync(join(second.source, 'web/node_modules')));
  });
}

test('an installation that was cut off is done again', async () => {
  const spec = project('cut', 'package-lock.json', ['npm', 'ci']);
  const { build } = frontendSteps({ ...spec, home: join(lab.root, 'another home') });
  await perform(build);
  const [mark] = readdirSync(join(spec.source, 'web/node_modules')).filter((name) => name.startsWith('.slipway-'));
  assert.ok(mark !== undefined);
  rmSync(join(spec.source, 'web/node_modules', mark));
  assert.equal((await perform(build)).steps['frontend.1.install'], 'done');
});

test('a lock that does not fit, a build that fails: named', async () => {
  const stale = project('stale', 'package-lock.json', ['npm', 'ci'], { 'web/package.json': MANIFEST.replace('7.0.0', '6.0.0') });
  const told = async (spec: FrontendSpec): Promise<Failure> => {
    try {
      await perform(frontendSteps(spec).build);
    } catch (error) {
      if (error instanceof Failure) return explainFrontend(error).failure;
    }
    throw new Error('it did not fail');
  };
  assert.equal((await told(stale)).code, 'LOCK_STALE');
  const broken = await told(
    project('broken', 'package-lock.json', ['npm', 'ci'], { 'web/build.cjs': 'throw new Error("no entry point")' }),
  );
  assert.equal(broken.code, 'FRONTEND_BUILD_FAILED');
  assert.match(broken.detail ?? '', /no entry point/);
});
