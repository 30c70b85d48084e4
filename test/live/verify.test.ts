import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { example, type LiveProject, liveProject } from '../support/live-app.js';
import { stateOf } from '../support/state.js';

interface Verified {
  readonly code: number;
  readonly failed: readonly string[];
  readonly count: number;
}

async function verify(project: LiveProject): Promise<Verified> {
  const { code, result } = await project.run(['verify', '--json']);
  const checks: unknown = result['checks'];
  assert.ok(Array.isArray(checks), JSON.stringify(result));
  const failed: readonly { readonly name: string; readonly problem: string }[] = checks.filter(({ ok }) => ok === false);
  return { code, count: checks.length, failed: failed.map(({ name, problem }) => `${name}: ${problem}`) };
}

test('verify sees what is not as it must be, and nothing else', { timeout: 600_000 }, async () => {
  const project = liveProject(example('allotment'));
  try {
    const before = await project.run(['verify', '--json']);
    assert.equal(before.code, 4);
    assert.match(before.stdout, /"NOT_UP"/);

    const { release } = await project.up();
    const good = await verify(project);
    assert.deepEqual([good.code, good.failed], [0, []]);
    assert.ok(good.count > 10);

    const edge = join(stateOf(project.home, project.directory), 'edge');
    const config = readFileSync(join(edge, 'nginx.conf'), 'utf8');
    const broken = config.replaceAll(/^\s*add_header Strict-Transport-Security\b.*$/gm, '');
    assert.notEqual(broken, config);
    writeFileSync(join(edge, 'nginx.conf'), broken);
    process.kill(Number(readFileSync(join(edge, 'nginx.pid'), 'utf8')), 'SIGHUP');
    let seen = await verify(project);
    for (let tries = 0; seen.failed.length === 0 && tries < 50; tries += 1) seen = await verify(project);
    assert.deepEqual([seen.code, seen.failed], [4, ['HTTPS is remembered: / has no strict-transport-security header']]);

    const live = (await project.run(['status', '--json'])).result;
    assert.deepEqual([live['state'], live['release'], live['last']], ['up', release, release]);
    assert.match(String(live['url']), /^https:/);

    assert.equal((await project.run(['down'])).code, 0);
    const ended = (await project.run(['status', '--json'])).result;
    assert.deepEqual(
      ['state', 'release', 'last', 'url', 'processes'].map((field) => ended[field]),
      ['down', null, release, null, []],
    );
    const down = await verify(project);
    assert.deepEqual([down.code, down.failed.length], [4, down.count]);
    const last = await project.run(['verify', '--json']);
    assert.equal(last.result['release'], release);
  } finally {
    await project.end();
  }
});
