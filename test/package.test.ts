import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from './support/slipway.js';

/** Paths that `npm pack` would put into the package. */
async function packed(t: TestContext): Promise<readonly string[]> {
  const cache = await mkdtemp(join(tmpdir(), 'slipway-npm-'));
  t.after(() => rm(cache, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--cache', cache], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, stderr);
  const answer: unknown = JSON.parse(stdout);
  assert.ok(Array.isArray(answer));
  const files: unknown = answer[0]?.files;
  assert.ok(Array.isArray(files));
  return files.map((file) => String(file.path));
}

const below = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

test('the package carries all that runs, and nothing else', async (t) => {
  const files = new Set(await packed(t));
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.ok(
    typeof manifest === 'object' &&
      manifest !== null &&
      'bin' in manifest &&
      typeof manifest.bin === 'object' &&
      manifest.bin !== null,
  );
  for (const program of Object.values(manifest.bin)) assert.ok(files.has(String(program)), `${program} is the command`);
  const python = below('python').filter((path) => !/__pycache__|\.pyc$/.test(path));
  assert.ok(python.length > 10);
  const bundle = below('dist/bin');
  assert.ok(bundle.includes('dist/bin/LICENSES'));
  for (const path of [...python, ...bundle, ...below('schema')]) {
    assert.ok(files.has(path), `${path} is not in the package`);
  }
  const foreign = [...files].filter((path) =>
    /__pycache__|\.pyc$|^(test|examples|src|\.ci|scripts|node_modules)\/|^dist\/(?!bin\/)/.test(path),
  );
  assert.deepEqual(foreign, []);
});

test('what package.json names is there', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.ok(typeof manifest === 'object' && manifest !== null && 'files' in manifest && Array.isArray(manifest.files));
  for (const path of manifest.files.map(String).filter((name) => !name.startsWith('!'))) {
    assert.ok(existsSync(join(ROOT, path)), `${path} is named in files and is not there`);
  }
});
