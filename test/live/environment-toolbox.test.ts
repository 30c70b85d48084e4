import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { explainInstallation } from '../../src/ops/build-failure.js';
import { toolPaths } from '../../src/ops/toolbox.js';
import { Lab } from '../support/environment-lab.js';

const lab = new Lab();
before(() => lab.open());
after(() => lab.close());

const version = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('the toolbox is brought once, and costs nothing the second time', async () => {
  const paths = toolPaths(lab.home);
  // Two at the same time: one of them waits for the other.
  const both = await Promise.all([lab.tools(['nginx', 'postgres', 'valkey']), lab.tools()]);
  assert.ok(both.some((one) => one.steps['tools.venv'] === 'done'));
  assert.match(version(paths.uv, '--version'), /^uv 0\.13\.8/);
  assert.match(version(paths.supervisord, '--version'), /^4\.3\.0/);
  assert.match(version(paths.python, '-c', 'import brotli; print(len(brotli.compress(b"x" * 1000)) < 50)'), /True/);
  assert.match(version(`${paths.postgres}/postgres`, '--version'), /PostgreSQL\) 18\.6/);
  for (const program of ['initdb', 'pg_ctl', 'psql', 'pg_dump']) assert.ok(existsSync(`${paths.postgres}/${program}`), program);
  assert.match(version(paths.valkey, '--version'), /Valkey server v=9\.1\.2/);
  assert.match(execFileSync('sh', ['-c', '"$1" -v 2>&1', 'sh', paths.nginx], { encoding: 'utf8' }), /nginx\/1\.31\.3/);
  const again = await lab.tools(['nginx', 'postgres', 'valkey']);
  assert.deepEqual([...new Set(Object.values(again.steps))], ['same']);
  assert.equal(again.output, '');
});

test('a toolbox that was killed half-way, or whose Python is gone, is made again', async () => {
  const paths = toolPaths(lab.home);
  await lab.tools();
  rmSync(`${paths.folder}/venv/.complete`);
  writeFileSync(`${paths.folder}/venv/half`, '');
  assert.equal((await lab.tools()).steps['tools.venv'], 'done');
  assert.ok(!existsSync(`${paths.folder}/venv/half`));
  rmSync(`${paths.folder}/venv/bin/python`);
  assert.equal((await lab.tools()).steps['tools.venv'], 'done');
  assert.match(version(paths.uv, '--version'), /^uv /);
});

test('an index that does not answer is named, and leaves nothing that counts as whole', async () => {
  const home = join(lab.root, 'offline');
  const env = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_FIND_LINKS: '', PIP_RETRIES: '0', PIP_NO_CACHE_DIR: '1' };
  await assert.rejects(lab.tools([], env, home), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual([error.code, error.kind], ['TOOLBOX_FAILED', 'environment']);
    assert.equal(explainInstallation(error).failure.code, 'INDEX_UNREACHABLE');
    return true;
  });
  assert.ok(!existsSync(`${toolPaths(home).folder}/venv/.complete`));
});
