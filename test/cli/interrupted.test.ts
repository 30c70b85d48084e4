import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./interrupted-child.js', import.meta.url));

function start(t: TestContext, ...words: string[]) {
  const home = mkdtempSync(join(tmpdir(), 'slipway-int-'));
  const child = spawn(process.execPath, [CHILD, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', SLIPWAY_HOME: home },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(home, { recursive: true, force: true });
  });
  const heard = async (text: string) => {
    while (!(said.stdout + said.stderr).includes(text)) {
      if (child.exitCode !== null) assert.fail(`ended before ${JSON.stringify(text)}: ${said.stdout}${said.stderr}`);
      await new Promise((wake) => setTimeout(wake, 10));
    }
  };
  return { child, said, ended, heard };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} lets the work end in its own way, then exit 130`, { timeout: 30_000 }, async (t) => {
    const { child, said, ended, heard } = start(t, 'quick', 'up', '--json');
    await heard('at work');
    child.kill(signal);
    assert.equal(await ended, 130);
    assert.match(said.stderr, /Stopping, so that nothing is left half done/);
    assert.match(said.stderr, /cleaned up[\s\S]*build: stopped\n {2}– Stopped on request\n$/);
    assert.match(said.stdout.trimEnd().split('\n').at(-1) ?? '', /"ok":false.*"code":"CANCELLED","kind":"cancelled"/);
  });
}

test('a second Ctrl-C ends at once with 130', { timeout: 30_000 }, async (t) => {
  const { child, said, ended, heard } = start(t, 'slow', 'up');
  await heard('at work');
  child.kill('SIGINT');
  await heard('Once more');
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  assert.doesNotMatch(said.stderr, /cleaned up/);
});

test('Ctrl-C during exec belongs to the command that runs', { timeout: 30_000 }, async (t) => {
  const { child, said, ended, heard } = start(t, 'quick', 'exec', '--', 'sleep');
  await heard('at work');
  child.kill('SIGINT');
  assert.equal(await ended, 5);
  assert.equal(said.stderr, '');
});

test('a reader that goes away ends logs without a word', { timeout: 30_000 }, async (t) => {
  const { child, said, ended, heard } = start(t, 'quick', 'logs', '-f');
  await heard('at work');
  child.stdout.destroy();
  assert.equal(await ended, 0);
  assert.equal(said.stderr, '');
});

test('a reader that goes away does not disturb a command that changes things', { timeout: 30_000 }, async (t) => {
  const { child, said, ended, heard } = start(t, 'quick', 'up', '--json');
  await heard('at work');
  child.stdout.destroy();
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  assert.match(said.stderr, /cleaned up/);
});
