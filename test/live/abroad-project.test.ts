import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveProject } from '../support/live-app.js';
import { checkLive } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

const wanted = { page: '/', text: /Добро[\s\S]*href="\/static\/abroad\.[0-9a-f]{12}\.css"/, admin: '/admin/' } as const;

test('another language, static files meant for another host and an old server: it comes up, and nothing false is said', {
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
    assert.doesNotMatch(JSON.stringify(warnings), /migrations-missing/);
  } finally {
    await project.end();
  }
});
