import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProof, EdgeTally } from '../../../src/targets/server/edge-tally.js';

test('what is seen counts for the release it was of', () => {
  const tally = new EdgeTally();
  tally.probed({ ms: 10, status: 200 });
  tally.probed({ ms: 20, status: 503 });
  tally.logged({ requests: 40, failed: 1, isNew: false });
  // Before the switch nobody has met it: what seems to be of it is of nobody.
  tally.logged({ requests: 2, failed: 2, isNew: true });
  tally.switched();
  tally.probed({ ms: 30, status: 302 });
  tally.logged({ requests: 3, failed: 3, isNew: false });
  tally.logged({ requests: 7, failed: 4, isNew: true });
  assert.deepEqual(tally.before, { probe: { requests: 2, failed: 1 }, visitors: { requests: 45, failed: 6 } });
  assert.deepEqual(tally.after, { probe: { requests: 1, failed: 0 }, visitors: { requests: 7, failed: 4 } });
  assert.deepEqual(tally.proof('here'), { requests: 3, failed: 1, p50: 20, p99: 30, from: 'here' });
  assert.equal(describeProof(tally.proof('host')), '3 requests, 1 failed, p99 30 ms');
});

test('failures without any answer may be of the way there', () => {
  const tally = new EdgeTally();
  tally.probed({ ms: 5000, status: null });
  assert.equal(tally.isSilent, false, 'before the switch they are of nobody');
  tally.switched();
  tally.probed({ ms: 5000, status: null });
  assert.equal(tally.isSilent, true);
  tally.probed({ ms: 10, status: 500 });
  assert.equal(tally.isSilent, false);
  assert.equal(describeProof(new EdgeTally().proof('here')), '0 requests, 0 failed, p99 0 ms');
});
