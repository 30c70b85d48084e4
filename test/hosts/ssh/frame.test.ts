import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, type Frame, FrameReader, KIND } from '../../../src/hosts/ssh/frame.js';

const messages: readonly (readonly [number, number, Buffer])[] = [
  [1, KIND.request, Buffer.from('{"op":"look"}')],
  [2, KIND.data, Buffer.alloc(0)],
  [0xfffffffe, KIND.err, Buffer.from([0, 255, 10, 0, 0, 0, 9])],
  [7, KIND.out, Buffer.alloc(200_000, 'x')],
];

const plain = (frames: readonly Frame[]) => frames.map(({ call, kind, payload }) => [call, kind, payload.toString('latin1')]);

test('messages survive being cut anywhere', () => {
  const whole = Buffer.concat(messages.map(([call, kind, payload]) => encodeFrame(call, kind, payload)));
  const wanted = messages.map(([call, kind, payload]) => [call, kind, payload.toString('latin1')]);
  for (const size of [1, 2, 8, 9, 10, 1000, whole.length]) {
    if (size === 1 || size === 2) {
      // Every byte on its own, for the small ones.
      const small = whole.subarray(0, 60);
      const reader = new FrameReader();
      const got = [...small].flatMap((byte) => reader.push(Buffer.from([byte])));
      assert.deepEqual(plain(got), wanted.slice(0, 3));
      continue;
    }
    const reader = new FrameReader();
    const got: Frame[] = [];
    for (let at = 0; at < whole.length; at += size) got.push(...reader.push(whole.subarray(at, at + size)));
    assert.deepEqual(plain(got), wanted, `pieces of ${size}`);
  }
});

test('what can be no message is refused, not waited for', () => {
  assert.throws(() => new FrameReader().push(Buffer.from('-bash: warning: setlocale')), RangeError);
});
