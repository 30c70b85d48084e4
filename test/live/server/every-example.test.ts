import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectOf } from '../../corpus/deploy/subject.js';
import { deployed, type Standing, type Way } from '../../corpus/deploy/try-deployment.js';
import { EXAMPLES } from '../../support/examples.js';
import { ROOT } from '../../support/slipway.js';
import { labMissing } from '../lab/hosts/missing.js';
import { pebbleMissing } from '../lab/hosts/pebble.js';
import { pythonMirrorMissing } from '../lab/hosts/python-mirror.js';
import { type Ground, openGround } from './production.js';

/** Those that deploy.test.ts takes to a server, and more of it. */
const ELSEWHERE = ['allotment', 'bakery-orders'];
/** Pythons that Debian 12 does not have, and uv brings. */
const BROUGHT: Readonly<Record<string, string>> = { 'guestbook-classic': '3.7', 'field-notes': '3.13' };

/** Servers that are built for the Python that uv brings. */
const SERVED: Readonly<Record<string, Way['server']>> = { 'guestbook-classic': 'mod_wsgi', 'field-notes': 'uwsgi' };

test('the other examples, beside each other on one bare Debian 12 behind its Apache', {
  skip: labMissing() || pebbleMissing(),
  timeout: 600_000,
}, async (context) => {
  const ground: Ground = await openGround('bookworm');
  context.after(() => ground.close());
  const standing: Standing[] = [];
  for (const name of Object.keys(EXAMPLES).filter((one) => !ELSEWHERE.includes(one))) {
    const skip = BROUGHT[name] === undefined ? false : pythonMirrorMissing(BROUGHT[name]);
    await context.test(`${name}: planned, deployed, visited, deployed again, verified`, { skip }, async () => {
      const one = await deployed(ground, subjectOf(name, '', ROOT), { edge: 'apache', server: SERVED[name] ?? 'default' });
      standing.push(one);
      assert.deepEqual(one.failing, []);
    });
  }
  await context.test('each is there beside the others, and goes without a trace', async () => {
    assert.ok(standing.length >= 1);
    for (const one of standing) {
      const { name, failing, looks } = await one.leave();
      assert.deepEqual(failing, [], name);
      assert.ok(looks > 10, name);
    }
  });
});
