import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendRequest } from '../../src/hosts/http-request.js';
import { parseProcesses, rpc } from '../../src/ops/supervisor.js';
import { example, liveProject } from '../support/live-app.js';
import { type LoadReport, startLoad } from '../support/open-loop.js';
import { supervisorSocketOf } from '../support/state.js';

const RATE = 200;
const RELEASES = 20;

test('twenty releases under load lose nothing, and a plain restart is seen to', { timeout: 600_000 }, async (context) => {
  const project = liveProject(example('allotment'));
  try {
    const first = await project.up();
    const url = String(first['url']);
    const load = () =>
      startLoad({ url, ca: readFileSync(String(first['ca'])), rate: RATE, postEvery: 3, postPath: '/', postStatus: 403 });
    const during = load();
    const versions = new Set([String(first['release'])]);
    for (let release = 0; release < RELEASES; release++) {
      appendFileSync(join(project.directory, 'plots/views.py'), `\n# release ${release}\n`);
      const result = await project.up();
      assert.equal(result['changed'], true);
      versions.add(String(result['release']));
    }
    const report = await during.stop();
    context.diagnostic(say('20 releases', report));
    assert.equal(versions.size, RELEASES + 1);
    assert.ok(report.sent > RATE * 10, `only ${report.sent} requests`);
    assert.deepEqual(report.failures, {});

    const restarted = load();
    await plainRestart(project.home, project.directory, [...versions].at(-1) ?? '');
    await new Promise((wake) => setTimeout(wake, 3000));
    const control = await restarted.stop();
    context.diagnostic(say('plain restart', control));
    assert.ok(control.failed > 0, 'the harness must see a plain restart');
  } finally {
    await project.end();
  }
});

const say = (what: string, { sent, failed, failures, p50, p99, most }: LoadReport): string =>
  `${what}: ${sent} requests, ${failed} failed ${JSON.stringify(failures)}, p50 ${p50} ms, p99 ${p99} ms, most ${most} ms`;

/** What most deploy scripts do: stop the web process, start it again. */
async function plainRestart(home: string, directory: string, version: string): Promise<void> {
  const socket = supervisorSocketOf(home, directory);
  const processes = parseProcesses(await sendRequest(rpc.processes(socket)));
  const web = processes.find(({ name, group }) => name === 'web' && group === `release-${version}`);
  assert.ok(web !== undefined);
  await sendRequest(rpc.stopGroup(socket, web.group, 30));
  await sendRequest(rpc.startGroup(socket, web.group));
}
