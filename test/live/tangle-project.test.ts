import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from '../support/browserless.js';
import { liveProject } from '../support/live-app.js';
import { checkLive, listing } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

test('settings put together at run time, two databases with a router, a cache in a table: live, and the next release has what was written', {
  timeout: 600_000,
}, async () => {
  const project = liveProject(join(ROOT, 'test/fixtures/projects/tangle'));
  try {
    const before = await listing(project.directory);
    const { url, ca, warnings } = await project.up();
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const httpPort = portsOf(project.home, project.directory).http;
    const outcomes = await checkLive(
      { directory: project.directory, home: project.home, url, ca, httpPort },
      { page: '/', text: /^Tangled: \d+ counted, \d+ kept$/, admin: '/admin/' },
    );
    assert.deepEqual(
      outcomes.filter(({ problem }) => problem !== undefined),
      [],
    );
    assert.match(JSON.stringify(warnings), /"example-used"[^}]*tangle\.example\.toml/);
    assert.deepEqual(await listing(project.directory), before, 'nothing is written in the project');
    const count = async () => Number(/: (\d+) counted/.exec((await new Visitor(ca).visit(url)).text)?.[1]);
    const asked = await count();
    appendFileSync(join(project.directory, 'manage.py'), '# One line more.\n');
    assert.equal((await project.up())['changed'], true);
    assert.ok((await count()) > asked, 'what was counted is still there');
  } finally {
    await project.end();
  }
});
