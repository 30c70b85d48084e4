import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../src/config/load.js';

async function folder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "slipway 'config' $x-"));
  t.after(() => rm(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

test('a folder without a file is configured by detection', async (t) => {
  const loaded = await loadConfig(await folder(t));
  assert.deepEqual(loaded.config, {});
  assert.equal(loaded.path, undefined);
  assert.equal(loaded.where(['app']), undefined);
});

test('the file of a folder, by either name; or one that is named', async (t) => {
  for (const name of ['slipway.yml', 'slipway.yaml', 'other.yml']) {
    const at = await folder(t, { [name]: '\ufeff# a byte order mark before\napp: shop\n' });
    const loaded = await loadConfig(name === 'other.yml' ? join(at, name) : at);
    assert.deepEqual(loaded.config, { app: 'shop' });
    assert.equal(loaded.path, join(at, name));
    assert.equal(loaded.where(['app']), `${name}:2:1`);
  }
});

test('a symlink to the file is the file', async (t) => {
  const at = await folder(t, { 'real.yml': 'app: shop\n' });
  await symlink('real.yml', join(at, 'slipway.yml'));
  assert.deepEqual((await loadConfig(at)).config, { app: 'shop' });
});

test('the column after a byte order mark is the one an editor shows', async (t) => {
  const at = await folder(t, { 'slipway.yml': '\ufeffwokers: 1\n' });
  await assert.rejects(loadConfig(at), { code: 'CONFIG_UNKNOWN_KEY', message: 'slipway.yml:1:1: unknown key "wokers"' });
});

test('what is no UTF-8 is refused by name, with the place', async (t) => {
  const latin = await folder(t, { 'slipway.yml': Buffer.from('# é\xe9\n'.replace('é', ''), 'latin1') });
  await assert.rejects(loadConfig(latin), {
    code: 'CONFIG_ENCODING',
    kind: 'config',
    message: 'slipway.yml:1:3: the file is not UTF-8',
  });
  const later = await folder(t, {
    'slipway.yml': Buffer.concat([Buffer.from('app: shop\n# größe '), Buffer.from([0xff, 0x0a])]),
  });
  await assert.rejects(loadConfig(later), { message: 'slipway.yml:2:9: the file is not UTF-8' });
  const cut = await folder(t, { 'slipway.yml': Buffer.from('app: ü').subarray(0, 6) });
  await assert.rejects(loadConfig(cut), { message: 'slipway.yml:1:6: the file is not UTF-8' });
  const wide = await folder(t, { 'slipway.yml': Buffer.from('\ufeffapp: shop', 'utf16le') });
  await assert.rejects(loadConfig(wide), { message: 'slipway.yml: the file is UTF-16, not UTF-8' });
});

test('what cannot be the file is named', async (t) => {
  const both = await folder(t, { 'slipway.yml': '', 'slipway.yaml': '' });
  await assert.rejects(loadConfig(both), { code: 'CONFIG_SEVERAL', hint: /rm slipway\.yaml/ });
  const directory = await folder(t);
  await mkdir(join(directory, 'slipway.yml'));
  await assert.rejects(loadConfig(directory), { code: 'CONFIG_UNREADABLE', message: 'slipway.yml is not a file' });
  const pipe = await folder(t);
  assert.equal(spawnSync('mkfifo', [join(pipe, 'slipway.yml')]).status, 0);
  await assert.rejects(loadConfig(pipe), { code: 'CONFIG_UNREADABLE', message: 'slipway.yml is not a file' });
  const huge = await folder(t, { 'slipway.yml': '' });
  await truncate(join(huge, 'slipway.yml'), 5 * 1024 ** 3);
  await assert.rejects(loadConfig(huge), { code: 'CONFIG_UNREADABLE', message: 'slipway.yml is far too large' });
  const loop = await folder(t);
  await symlink('slipway.yml', join(loop, 'slipway.yml'));
  await assert.rejects(loadConfig(loop), { code: 'CONFIG_UNREADABLE', message: /ELOOP/ });
  await assert.rejects(loadConfig(join(directory, 'none.yml')), {
    code: 'CONFIG_UNREADABLE',
    message: 'none.yml does not exist',
  });
});
