import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveProject } from '../support/live-app.js';
import { checkLive } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

const wanted = { page: '/', text: /Near Berlin: 0/, admin: '/admin/' } as const;

test('GeoDjango on PostGIS comes up, or names what this machine lacks and the command that brings it', {
  timeout: 600_000,
}, async (context) => {
  const project = liveProject(join(ROOT, 'test/fixtures/projects/spatial'));
  try {
    const up = await project.run(['up', '--json']);
    if (up.code === 5) {
      assert.match(
        JSON.stringify(up.result),
        /"(LIBRARY_MISSING|POSTGRES_EXTENSION_MISSING)".*apt-get install -y \S*(gdal|postgis)/,
      );
      return context.skip('this machine has no GDAL or no PostGIS');
    }
    assert.equal(up.code, 0, `${JSON.stringify(up.result)}\n${up.stderr}`);
    const { url, ca } = up.result;
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const httpPort = portsOf(project.home, project.directory).http;
    const outcomes = await checkLive({ directory: project.directory, home: project.home, url, ca, httpPort }, wanted);
    assert.deepEqual(
      outcomes.filter(({ problem }) => problem !== undefined),
      [],
    );
  } finally {
    await project.end();
  }
});
