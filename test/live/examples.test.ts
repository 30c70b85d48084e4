import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXAMPLES } from '../support/examples.js';
import { example, liveProject } from '../support/live-app.js';
import { checkLive, listing, processesNaming } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

test('every example is looked at', () => {
  assert.deepEqual(readdirSync(join(ROOT, 'examples')).sort(), Object.keys(EXAMPLES).sort());
});

for (const [name, wanted] of Object.entries(EXAMPLES)) {
  test(`${name} comes up unmodified, is released again, and goes`, { timeout: 900_000 }, async (context) => {
    const project = liveProject(example(name));
    try {
      const before = await listing(project.directory);
      const first = await project.run(['up', '--json']);
      if (first.code === 5 && JSON.stringify(first.result).includes('PYTHON_MISSING')) {
        context.skip(`this machine has no Python that ${name} runs on`);
        return;
      }
      assert.equal(first.code, 0, `${JSON.stringify(first.result)}\n${first.stderr}`);
      const { url, ca, release } = first.result;
      assert.ok(typeof url === 'string' && typeof ca === 'string');
      const status = await project.run(['status', '--json']);
      const httpPort = portsOf(project.home, project.directory).http;
      const outcomes = await checkLive({ directory: project.directory, home: project.home, url, ca, httpPort }, wanted);
      assert.deepEqual(
        outcomes.filter(({ problem }) => problem !== undefined),
        [],
      );
      assert.ok(JSON.stringify(status.result).includes('"running"'));
      const second = await project.up();
      assert.equal(second['changed'], false);
      assert.equal(second['release'], release);
      assert.deepEqual(await listing(project.directory), before, 'nothing is written in the project');
      const down = await project.run(['down', '--json']);
      assert.equal(down.code, 0);
      assert.deepEqual(await processesNaming(project.directory.split('/').at(-2) ?? ''), []);
    } finally {
      await project.end();
    }
  });
}
