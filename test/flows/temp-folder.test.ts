import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { openApp } from '../../src/flows/app.js';
import { makeTempFolder, withWorkFolder } from '../../src/flows/temp-folder.js';
import { sockets } from '../../src/targets/local/layout.js';
import { PLAIN, projectContext } from './context.js';

const LEAVE = { argv: ['sh', '-c', 'touch "$TMPDIR/left" && printf %s "$TMPDIR"'] };

test('what a build leaves among its temporary files goes with it, whether it ends well or not', async (context) => {
  const app = await openApp(await projectContext(context, PLAIN));
  const { stdout: folder } = await withWorkFolder(app, ({ host }) => host.exec(LEAVE));
  assert.equal(folder, sockets(app.at).work);
  assert.equal(existsSync(app.at.run), false, 'nor is the folder it was in, where nothing was started');
  const failing = withWorkFolder(app, async ({ runner }) => {
    await runner.exec(LEAVE);
    throw new Error('no such package');
  });
  await assert.rejects(failing, /no such package/);
  assert.equal(existsSync(folder), false);
});

test('the temporary files of the processes that run are not touched by a build beside them', async (context) => {
  const app = await openApp(await projectContext(context, PLAIN));
  const { temp } = sockets(app.at);
  await makeTempFolder(app);
  context.after(() => app.host.remove(app.at.run));
  assert.equal(statSync(temp).mode & 0o777, 0o700);
  await app.host.write(`${temp}/listener`, '');
  await withWorkFolder(app, ({ host }) => host.exec(LEAVE));
  assert.ok(existsSync(`${temp}/listener`));
});
