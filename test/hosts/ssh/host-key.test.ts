import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readKey, rememberKey } from '../../../src/hosts/ssh/host-key.js';
import { readSettings } from '../../../src/hosts/ssh/ssh-settings.js';

test('a key is shown by the fingerprint that ssh-keygen shows', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-key-test-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const key = readKey(`# comment\n[10.0.0.9]:2222 ${await readFile(`${file}.pub`, 'utf8')}`);
  assert.equal(key?.type, 'ssh-ed25519');
  assert.ok(execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).includes(` ${key?.fingerprint} `));

  assert.ok(key);
  const known = join(folder, 'new/known_hosts');
  await rememberKey(known, key);
  await writeFile(known, (await readFile(known, 'utf8')).trimEnd());
  await rememberKey(known, key);
  assert.deepEqual((await readFile(known, 'utf8')).split('\n'), [key.line, key.line, '']);
});

test('no key is read from what holds none', () => {
  assert.equal(readKey(''), undefined);
  assert.equal(readKey('# only a comment\n\n'), undefined);
});

test('what ssh makes of its configuration is read', () => {
  const text =
    'host web1\nuser deploy\nhostname 203.0.113.10\nport 22\nkexalgorithms mlkem768x25519-sha256,curve25519-sha256\nuserknownhostsfile ~/.ssh/known_hosts /home/a b/known\n';
  assert.deepEqual(readSettings(text, '/home/me'), {
    user: 'deploy',
    hostName: '203.0.113.10',
    exchanges: ['mlkem768x25519-sha256', 'curve25519-sha256'],
    knownHosts: ['/home/me/.ssh/known_hosts', '/home/a b/known'],
  });
});
