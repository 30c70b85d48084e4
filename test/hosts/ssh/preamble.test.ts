import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Preamble } from '../../../src/hosts/ssh/preamble.js';

const MARK = 'slipway-ready-1f';

test('what a login prints first is passed over, wherever it is cut', () => {
  const all = Buffer.from(`Welcome!\nLast login: never\nslipway-ready-2\n${MARK}\n\0\0\x01rest`);
  for (let cut = 0; cut < all.length; cut++) {
    const preamble = new Preamble(MARK);
    const first = preamble.push(all.subarray(0, cut));
    const rest = first === undefined ? preamble.push(all.subarray(cut)) : Buffer.concat([first, all.subarray(cut)]);
    assert.equal(rest?.toString('latin1'), '\0\0\x01rest', `cut at ${cut}`);
    assert.equal(preamble.text, 'Welcome!\nLast login: never\nslipway-ready-2');
  }
});

test('a login that prints without end is given up', () => {
  const preamble = new Preamble(MARK);
  assert.throws(() => {
    for (let i = 0; i < 20; i++) preamble.push(Buffer.alloc(100_000, 'y\n'));
  }, RangeError);
});
