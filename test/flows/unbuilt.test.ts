import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { initText } from '../../src/config/init.js';
import { unbuiltWarnings } from '../../src/flows/unbuilt.js';
import { localHost } from '../../src/hosts/local.js';
import { inspect } from '../../src/project/inspect.js';
import { fixture } from '../project/trees.js';

const host = localHost(async (name) => Promise.reject(new Error(`no secret ${name}`)));

test('up says which stylesheet nothing has built, and is silent once something has', async (context) => {
  const project = await inspect(fixture('stylesheet'));
  const source = mkdtempSync(join(tmpdir(), 'slipway-unbuilt-'));
  context.after(() => rmSync(source, { recursive: true }));
  const [warning, ...others] = await unbuiltWarnings(host, source, project);
  assert.deepEqual(others, []);
  assert.equal(warning?.code, 'static-unbuilt');
  assert.match(warning?.message ?? '', /^board\/static\/board\/styles\.css is not there: \.gitignore:3 .* Makefile:9 writes it$/);
  assert.match(warning?.hint ?? '', /build: \[make styles\]$/);
  await host.write(`${source}/board/static/board/styles.css`, 'body {}');
  assert.deepEqual(await unbuiltWarnings(host, source, project), []);
});

test('init shows the command that builds it', async () => {
  assert.match(initText({ project: await inspect(fixture('stylesheet')) }), /^#build: \[\[make, styles\]\] {2}# Makefile:9$/m);
});
