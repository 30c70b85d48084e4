import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { localHost } from '../../src/hosts/local.js';
import { findMysql } from '../../src/ops/mysql.js';
import { parsePrograms } from '../../src/ops/service-programs.js';
import { liveProject } from '../support/live-app.js';
import { checkLive } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

const { programs } = parsePrograms((await localHost(async () => '').exec(findMysql())).stdout);
const isThere = programs.some(({ path }) => /\/(mariadbd|mysqld)$/.test(path));
const fixture = join(ROOT, 'test/fixtures/projects/mysql-first');

test('a project that names a MySQL server gets one of its own', {
  timeout: 600_000,
  skip: !isThere && 'no MariaDB or MySQL here',
}, async () => {
  const project = liveProject(fixture);
  try {
    const { url, ca } = await project.up();
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const app = {
      directory: project.directory,
      home: project.home,
      url,
      ca,
      httpPort: portsOf(project.home, project.directory).http,
    };
    const outcomes = await checkLive(app, { page: '/', text: /^0 readers$/, admin: '/admin/' });
    assert.deepEqual(
      outcomes.filter(({ problem }) => problem !== undefined),
      [],
    );
    await project.run(['down']);
    await project.up();
    const again = await checkLive(
      { ...app, httpPort: portsOf(project.home, project.directory).http },
      { page: '/', text: /^1 readers$/, admin: null },
    );
    assert.equal(again[0]?.problem, undefined, 'what was written is still there');
  } finally {
    await project.end();
  }
});

test('where there is none, the message says what brings it', { skip: isThere && 'this machine has one' }, async () => {
  const project = liveProject(fixture);
  try {
    const ran = await project.run(['up', '--json']);
    assert.equal(ran.code, 5);
    assert.match(JSON.stringify(ran.result), /SERVICE_MISSING.*apt-get install -y mariadb-server/);
  } finally {
    await project.end();
  }
});
