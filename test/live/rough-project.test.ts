import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveProject } from '../support/live-app.js';
import { checkLive, listing } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

const wanted = { page: '/', text: /Rough going[\s\S]*img\/mark\.[0-9a-f]{12}\.svg/, admin: '/admin/' } as const;

test('a project with all that people leave out comes up, and is told what it lacks', { timeout: 600_000 }, async () => {
  const project = liveProject(join(ROOT, 'test/fixtures/projects/rough'));
  try {
    const before = await listing(project.directory);
    const { url, ca, warnings } = await project.up();
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const httpPort = portsOf(project.home, project.directory).http;
    const outcomes = await checkLive({ directory: project.directory, home: project.home, url, ca, httpPort }, wanted);
    assert.deepEqual(
      outcomes.filter(({ problem }) => problem !== undefined),
      [],
    );
    const told = JSON.stringify(warnings);
    assert.match(told, /"example-used"[^}]*src\/rough\/local\.py\.example/);
    assert.match(told, /"undeclared-dependency"[^}]*django-debug-toolbar/);
    assert.deepEqual(await listing(project.directory), before, 'nothing is written in the project');
    const second = await project.up('--env', 'ANYTHING=new');
    assert.equal(second['changed'], true, 'the next release has what the first one had');
  } finally {
    await project.end();
  }
});
