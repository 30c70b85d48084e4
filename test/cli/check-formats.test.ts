import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { found } from '../../src/core/found.js';
import type { CheckResult } from '../../src/flows/results.js';
import { bench } from './outside.js';

const RESULT: CheckResult = {
  app: 'shop',
  project: { managePy: found('manage.py', 'manage.py') },
  findings: [
    { id: 'hosts.any', severity: 'warning', message: 'any host', hint: 'name them', where: 'shop/settings.py:7', handled: false },
    { id: 'errors.nobody-told', severity: 'info', message: 'nobody', hint: '', where: '', handled: false },
  ],
  overrides: [],
  warnings: [],
};

test('check --format markdown says it for a pull request', async (t) => {
  const { code, stdout } = await bench(t, { check: async () => RESULT }).run('check', '--format', 'markdown');
  assert.equal(code, 0);
  assert.match(stdout, /^### shop: 1 warning · 1 remark\n\n\| {2}\| Finding/);
});

test('check --sarif writes the findings from the root of the repository, besides what it says', async (t) => {
  const { folder, run } = bench(t, { check: async () => RESULT });
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'web'));
  const { code, stdout } = await run('check', 'web', '--sarif', 'slipway.sarif', '--json');
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').ok, true);
  const log = JSON.parse(readFileSync(join(folder, 'slipway.sarif'), 'utf8'));
  const places = log.runs[0].results.map(
    (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
      result.locations[0]?.physicalLocation.artifactLocation.uri,
  );
  assert.deepEqual(places, ['web/shop/settings.py', 'web/manage.py']);
});

test('A format or a file that cannot be is refused', async (t) => {
  const { folder, run } = bench(t, { check: async () => RESULT });
  writeFileSync(join(folder, 'file'), '');
  const format = await run('check', '--format', 'html');
  assert.deepEqual([format.code, /text, markdown/.test(format.stderr)], [2, true]);
  const file = await run('check', '--sarif', 'file/x.sarif');
  assert.deepEqual([file.code, /cannot be written/.test(file.stderr)], [2, true]);
});
