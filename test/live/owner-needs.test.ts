import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from '../support/browserless.js';
import { type LiveProject, liveProject } from '../support/live-app.js';
import { refusedWith } from '../support/serving.js';
import { type Ran, ROOT } from '../support/slipway.js';
import { privateIndex } from './owner-needs/private-index.js';

const fixture = (name: string): string => join(ROOT, 'test/fixtures/projects', name);

/** Blanks of a slipway.yml, by what its line begins with. */
async function fill(project: LiveProject, answers: Readonly<Record<string, string>>): Promise<void> {
  const path = join(project.directory, 'slipway.yml');
  let text = await readFile(path, 'utf8');
  const blanks = text.split('\n').filter((line) => /: {2}# fill in/.test(line));
  assert.deepEqual(
    blanks.map((line) => line.trim().replace(/^- |:.*$/g, '')),
    Object.keys(answers),
    text,
  );
  assert.ok(blanks.length <= 5);
  for (const [name, value] of Object.entries(answers)) text = text.replace(`${name}:  # fill in`, `${name}: ${value}  # fill in`);
  await writeFile(path, text);
}

async function shows(up: Readonly<Record<string, unknown>>, text: string): Promise<void> {
  const { url, ca } = up;
  assert.ok(typeof url === 'string' && typeof ca === 'string');
  assert.equal((await new Visitor(ca).visit(url)).text, text);
}

/** What a person gets fits a terminal. */
function onOneScreen(ran: Ran): void {
  const lines = ran.stderr.trimEnd().split('\n');
  assert.ok(lines.length <= 24, `${lines.length} lines:\n${ran.stderr}`);
}

async function withProject(name: string, use: (project: LiveProject) => Promise<void>): Promise<void> {
  const project = liveProject(fixture(name));
  try {
    await use(project);
  } finally {
    await project.end();
  }
}

test('a key that the start-up checks: told by name, a blank each, live when they are filled', { timeout: 600_000 }, () =>
  withProject('needs-key', async (project) => {
    const first = await project.run(['up', '--json']);
    refusedWith(first, { exit: 4, code: 'VARIABLE_MISSING', message: /ACME_PAYMENTS_KEY/, detail: /payments\.acme\.example/ });
    onOneScreen(await project.run(['up']));
    const key = 'ACME_PAYMENTS_KEY=acme_live_1';
    const second = await project.run(['up', '--json', '--env', key]);
    refusedWith(second, { exit: 4, code: 'VARIABLE_MISSING', message: /ACME_SHOP_ID/, detail: /ACME_SHOP_ID is not set/ });
    assert.equal((await project.run(['init', '--yes'])).code, 0);
    await fill(project, { ACME_PAYMENTS_KEY: 'acme_live_1', ACME_SHOP_ID: '"42"' });
    await shows(await project.up(), 'Payments of shop 42');
  }),
);

test('a private package index: told which, with blanks for the log-in', { timeout: 600_000 }, () =>
  withProject('needs-index', async (project) => {
    const index = await privateIndex({ username: 'ada', password: 's3cret/@' });
    try {
      const requirements = join(project.directory, 'requirements.txt');
      await writeFile(requirements, (await readFile(requirements, 'utf8')).replace('http://127.0.0.1:9/simple/', index.url));
      const denied = { exit: 5, code: 'INDEX_DENIED', message: new RegExp(`${index.url} .*wants a log-in for acme-greetings`) };
      refusedWith(await project.run(['up', '--json']), { ...denied, hint: /slipway init/ });
      onOneScreen(await project.run(['up']));
      assert.equal((await project.run(['init', '--yes'])).code, 0);
      assert.equal((await project.run(['secrets', 'set', 'INDEX_PASSWORD'], { stdin: 's3cret/@' })).code, 0);
      await fill(project, { username: 'ada', password: '{secret: INDEX_PASSWORD}' });
      const up = await project.run(['up', '--json']);
      assert.equal(up.code, 0, `${JSON.stringify(up.result)}\n${up.stderr}`);
      await shows(up.result, 'Hello, shop');
      assert.ok(!`${up.stdout}${up.stderr}`.includes('s3cret'), 'the password is shown nowhere');
    } finally {
      await index.end();
    }
  }),
);

test('a package that no index has: told, with blanks for the index it is on', { timeout: 600_000 }, () =>
  withProject('needs-index', async (project) => {
    const index = await privateIndex({ username: 'ada', password: 'x' });
    try {
      await writeFile(join(project.directory, 'requirements.txt'), 'Django~=5.2.0\nacme-greetings==1.0\n');
      const unknown = { exit: 4, code: 'NO_SUCH_PACKAGE', message: /acme-greetings \(requirements\.txt\)/ };
      refusedWith(await project.run(['up', '--json']), { ...unknown, hint: /slipway init/ });
      assert.equal((await project.run(['init', '--yes'])).code, 0);
      await fill(project, { url: index.url, username: 'ada', password: 'x' });
      await shows(await project.up(), 'Hello, shop');
    } finally {
      await index.end();
    }
  }),
);

test('a licence file: told which and where, and placed into the release alone', { timeout: 600_000 }, () =>
  withProject('needs-licence', async (project) => {
    const wanted = { exit: 4, code: 'FILE_MISSING', message: /shop\/apps\.py:\d+ needs the file licences\/acme\.json/ };
    refusedWith(await project.run(['up', '--json']), { ...wanted, hint: /files: \{licences\/acme\.json: / });
    onOneScreen(await project.run(['up']));
    assert.equal((await project.run(['init', '--yes'])).code, 0);
    const licence = join(project.directory, '..', 'acme.json');
    await writeFile(licence, '{"to": "The Shop"}');
    await fill(project, { 'licences/acme.json': JSON.stringify(licence) });
    await shows(await project.up(), 'Licensed to The Shop');
  }),
);
