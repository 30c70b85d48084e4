import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveProject } from '../support/live-app.js';
import { checkLive } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

const wanted = { page: '/', text: /Добро[\s\S]*href="\/static\/abroad\.[0-9a-f]{12}\.css"/, admin: '/admin/' } as const;

test('another language, static files meant for another host, an old server, variables that app code takes for granted: it comes up, and nothing false is said', {
  timeout: 600_000,
}, async () => {
  const project = liveProject(join(ROOT, 'test/fixtures/projects/abroad'));
  try {
    const { url, ca, warnings } = await project.up();
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const httpPort = portsOf(project.home, project.directory).http;
    const outcomes = await checkLive({ directory: project.directory, home: project.home, url, ca, httpPort }, wanted);
    assert.deepEqual(
      outcomes.filter(({ problem }) => problem !== undefined),
      [],
    );
    const told = JSON.stringify(warnings);
    assert.doesNotMatch(told, /migrations-missing/);
    assert.match(told, /abroad\/sign_in\.py:4 needs SIGN_IN_URL/);
    assert.match(told, /abroad\/sign_in\.py:5 needs SIGN_IN_TOKENS_URL/);
  } finally {
    await project.end();
  }
});
