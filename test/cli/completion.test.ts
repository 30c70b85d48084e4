import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { completionScript, SHELLS } from '../../src/cli/completion/scripts.js';
import { MAIN } from '../support/slipway.js';
import { type Bench, bench } from './outside.js';

const flows = {
  releases: async () => ({
    app: 'shop',
    environment: 'local',
    releases: [
      { release: '20261121-104512-3f9c2e1', current: true, created: '2026-11-21T10:45:12Z', commit: null, dirty: false },
    ],
  }),
  secretsList: async () => ({ app: 'shop', environment: 'local', secrets: ['STRIPE_KEY'] }),
};

const offered = async ({ run }: Bench, ...words: string[]): Promise<string[]> => {
  const { code, stdout } = await run('__complete', '--', ...words);
  assert.equal(code, 0);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '');
};

test('commands, options and arguments come from the program itself', async (t) => {
  const it = bench(t, flows);
  const commands = await offered(it, '');
  for (const name of ['up', 'check', 'logs', 'secrets', 'completion']) assert.ok(commands.includes(name), name);
  assert.ok(!commands.includes('__complete'));
  const options = await offered(it, 'up', '--');
  for (const name of ['--port', '--env-file', '--json', '--help']) assert.ok(options.includes(name), name);
  assert.deepEqual(await offered(it, 'up', ''), [':directories']);
  assert.deepEqual(await offered(it, 'up', '--env-file', ''), [':files']);
  assert.deepEqual(await offered(it, '-C', ''), [':directories']);
  assert.deepEqual(await offered(it, 'up', '--port', ''), []);
  assert.deepEqual(await offered(it, 'exec', '--', 'python', ''), [':files']);
  assert.deepEqual(await offered(it, 'completion', ''), ['bash', 'zsh', 'fish']);
  assert.deepEqual((await offered(it, 'secrets', '')).slice(0, 3), ['set', 'list', 'unset']);
});

test('releases, secrets and environments are asked for; what cannot be read offers nothing', async (t) => {
  const it = bench(t, flows);
  assert.deepEqual(await offered(it, 'rollback', ''), ['20261121-104512-3f9c2e1']);
  assert.deepEqual(await offered(it, 'secrets', 'unset', ''), ['STRIPE_KEY']);
  assert.deepEqual(await offered(it, 'logs', ''), []);
  mkdirSync(join(it.folder, 'shop'));
  writeFileSync(join(it.folder, 'shop/slipway.yml'), 'environments:\n  production: {target: server}\n  staging: {hosts: [\n');
  assert.deepEqual(await offered(it, '-e', ''), ['local']);
  assert.deepEqual(await offered(it, '-C', 'shop', 'status', '-e', ''), ['local', 'production', 'staging']);
});

test('bash completes with the script', async (t) => {
  const reply = (...words: string[]) => bashReply(t, words);
  assert.deepEqual(reply('slipway', 'rel'), ['releases']);
  assert.deepEqual(reply('slipway', 'up', '--ht'), ['--http-port']);
  assert.deepEqual(reply('slipway', 'up', 'a f'), ['a folder']);
  assert.deepEqual(reply('slipway', 'up', '--env-file', 'a'), ['a file', 'a folder']);
  assert.deepEqual(reply('slipway', 'xyzzy', '--nothing'), []);
});

/** What bash would offer: the script evaluated and its function called as readline would. */
function bashReply(t: TestContext, words: readonly string[]): string[] {
  const { folder } = bench(t, {});
  writeFileSync(join(folder, 'slipway'), `#!/bin/sh\nexec ${process.execPath} '${MAIN}' "$@"\n`);
  chmodSync(join(folder, 'slipway'), 0o755);
  mkdirSync(join(folder, 'at/a folder'), { recursive: true });
  writeFileSync(join(folder, 'at/a file'), '');
  const script = `${completionScript('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    encoding: 'utf8',
    cwd: join(folder, 'at'),
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, SLIPWAY_HOME: join(folder, 'state'), LANG: 'C.UTF-8' },
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

test('slipway completion prints the script of each shell, which the shell can read where it is here', async (t) => {
  const { run } = bench(t, {});
  for (const shell of SHELLS) {
    const { stdout } = await run('completion', shell);
    assert.equal(stdout, completionScript(shell));
    const read = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' });
    if (read.error === undefined) assert.deepEqual([read.status, read.stderr], [0, '']);
  }
});
