import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsRise, type Level } from '../../../src/targets/server/errors-rise.js';

const level = (failed: number, requests: number): Level => ({ failed, requests });
const none = level(0, 0);
const well = { probe: level(0, 25), visitors: level(0, 500) };

test('a release is undone when its errors rise, and only then', () => {
  const rows: [string, { probe?: Level; visitors?: Level }, { probe?: Level; visitors?: Level }, RegExp | undefined][] = [
    ['all is well', {}, {}, undefined],
    ['nobody asks', { probe: none, visitors: none }, { probe: none, visitors: none }, undefined],
    ['two of our own requests fail', {}, { probe: level(2, 10) }, undefined],
    [
      'three do',
      {},
      { probe: level(3, 10) },
      /^3 of 10 requests through the front server failed; before the switch it was 0 of 25$/,
    ],
    ['they have failed before', { probe: level(25, 25) }, { probe: level(10, 10) }, undefined],
    ['half of them had failed before', { probe: level(12, 24) }, { probe: level(9, 12) }, undefined],
    ['nothing is known of before', { probe: none }, { probe: level(3, 3) }, /^3 of 3 requests .* failed$/],
    ['a page that always fails is met once', {}, { visitors: level(4, 4) }, undefined],
    ['a page fails for every visitor', {}, { visitors: level(5, 20) }, /^5 of 20 answers to visitors were a 5xx; .* 0 of 500$/],
    ['a page of many', {}, { visitors: level(30, 1000) }, /30 of 1000/],
    ['one in a hundred of many', {}, { visitors: level(10, 1000) }, undefined],
    ['as bad as before', { visitors: level(50, 500) }, { visitors: level(20, 200) }, undefined],
    ['twice as bad as before', { visitors: level(50, 500) }, { visitors: level(40, 200) }, /40 of 200/],
    ['better than before', { visitors: level(250, 500) }, { visitors: level(10, 200) }, undefined],
  ];
  for (const [what, before, after, wanted] of rows) {
    const why = errorsRise({ ...well, ...before }, { ...well, ...after });
    if (wanted === undefined) assert.equal(why, undefined, what);
    else assert.match(why ?? '', wanted, what);
  }
});
