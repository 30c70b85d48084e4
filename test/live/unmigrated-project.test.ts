import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveProject } from '../support/live-app.js';
import { checkLive, listing } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

const wanted = { page: '/', text: /Notes: 0/, admin: '/admin/' } as const;

test('a project that brings no migrations gets its tables, and they follow its models', { timeout: 600_000 }, async () => {
  const project = liveProject(join(ROOT, 'test/fixtures/projects/unmigrated'));
  try {
    const before = await listing(project.directory);
    const { url, ca, warnings } = await project.up();
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    assert.match(JSON.stringify(warnings), /"migrations-made"[^}]*people, notes/);
    const app = {
      directory: project.directory,
      home: project.home,
      url,
      ca,
      httpPort: portsOf(project.home, project.directory).http,
    };
    const failing = (await checkLive(app, wanted)).filter(({ problem }) => problem !== undefined);
    assert.deepEqual(failing, []);
    assert.deepEqual(await listing(project.directory), before, 'nothing is written in the project');
    const models = join(project.directory, 'notes/models.py');
    const add = (line: string) => writeFileSync(models, `${readFileSync(models, 'utf8')}    ${line}\n`);
    add("title = models.CharField(max_length=80, default='')");
    await project.up();
    const code = "from notes.models import Note; print('@@%d' % Note.objects.filter(title='x').count())";
    const asked = await project.run(['exec', '--', 'python', 'manage.py', 'shell', '-c', code]);
    assert.match(asked.stdout, /@@0/, asked.stderr);
    add('position = models.IntegerField()');
    const refused = await project.run(['up', '--json']);
    assert.equal(refused.code, 4, refused.stderr);
    assert.match(JSON.stringify(refused.result), /MIGRATIONS_MISSING[\s\S]*makemigrations people notes/);
    writeFileSync(models, readFileSync(models, 'utf8').replace('IntegerField()', 'IntegerField(null=True)'));
    await project.up();
  } finally {
    await project.end();
  }
});
