import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { claimPort } from '../../src/hosts/ports.js';
import { ROOT } from '../support/slipway.js';

/** Of no program that anybody knows; nothing listens on it here. */
const PORT = 64_951;

const CLAIM = `
import { claimPort } from '${pathToFileURL(`${ROOT}/dist/src/hosts/ports.js`)}';
console.log((await claimPort(${PORT})) === undefined ? 'another has it' : 'claimed');
`;

/** Another process. */
const elsewhere = (): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', CLAIM], { encoding: 'utf8', cwd: '/' }).trim();

test('a port is claimed by one process of the machine at a time, and free again when that has ended', async () => {
  const free = await claimPort(PORT);
  assert.ok(free !== undefined);
  assert.equal(await claimPort(PORT), undefined);
  assert.equal(elsewhere(), 'another has it');
  await free();
  assert.equal(elsewhere(), 'claimed');
  const again = await claimPort(PORT);
  assert.ok(again !== undefined, 'it went with the process that had it');
  await again();
});
