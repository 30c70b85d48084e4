import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gixyFindings } from '../support/gixy.js';
import { example, liveProject } from '../support/live-app.js';
import { ROOT } from '../support/slipway.js';
import { stateOf } from '../support/state.js';

for (const name of readdirSync(join(ROOT, 'examples'))) {
  test(`Django and gixy find nothing to say about ${name} as it is live`, { timeout: 600_000 }, async (context) => {
    const project = liveProject(example(name));
    try {
      const up = await project.run(['up', '--json']);
      if (up.code === 5 && JSON.stringify(up.result).includes('PYTHON_MISSING'))
        return context.skip(`this machine has no Python that ${name} runs on`);
      assert.equal(up.code, 0, JSON.stringify(up.result));
      const check = await project.run(['exec', '--', 'python', 'manage.py', 'check', '--deploy', '--fail-level', 'WARNING']);
      assert.equal(check.code, 0, check.stderr);
      assert.match(check.stdout + check.stderr, /no issues \(\d+ silenced\)/);
      assert.deepEqual(gixyFindings(join(stateOf(project.home, project.directory), 'edge/nginx.conf')), []);
    } finally {
      await project.end();
    }
  });
}

test('the same check is heard where there is something to say', { timeout: 300_000 }, async () => {
  const project = liveProject(example('allotment'));
  try {
    await project.up();
    const check = await project.run([
      'exec',
      '--',
      'env',
      '-u',
      'SLIPWAY_PINS',
      'python',
      'manage.py',
      'check',
      '--deploy',
      '--fail-level',
      'WARNING',
    ]);
    assert.notEqual(check.code, 0);
    assert.match(check.stderr, /security\.W018/);
  } finally {
    await project.end();
  }
});
