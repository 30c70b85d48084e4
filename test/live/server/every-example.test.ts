import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectOf } from '../../corpus/deploy/subject.js';
import { deployed, type Standing } from '../../corpus/deploy/try-deployment.js';
import { EXAMPLES } from '../../support/examples.js';
import { ROOT } from '../../support/slipway.js';
import { labMissing } from '../lab/hosts/missing.js';
import { pebbleMissing } from '../lab/hosts/pebble.js';
import { pythonMirrorMissing } from '../lab/hosts/python-mirror.js';
import { openGround } from './production.js';

/** Those that deploy.test.ts takes to a server, and more of it. */
const ELSEWHERE = ['allotment', 'bakery-orders'];
/** It wants a Python that Debian 13 does not have. */
const OLD_PYTHON = pythonMirrorMissing('3.7') ? ['guestbook-classic'] : [];

test('the other examples, beside each other on one bare server', {
  skip: labMissing() || pebbleMissing(),
  timeout: 600_000,
}, async (context) => {
  const ground = await openGround();
  context.after(() => ground.close());
  const names = Object.keys(EXAMPLES).filter((name) => ![...ELSEWHERE, ...OLD_PYTHON].includes(name));
  const standing: Standing[] = [];
  for (const name of names) {
    await context.test(`${name}: planned, deployed, visited, deployed again, verified`, async () => {
      standing.push(await deployed(ground, subjectOf(name, '', ROOT), { edge: 'nginx', server: 'default' }));
    });
  }
  for (const one of standing) {
    const { name, failing, looks } = await one.leave();
    assert.deepEqual(failing, [], name);
    assert.ok(looks > 10, name);
  }
});
