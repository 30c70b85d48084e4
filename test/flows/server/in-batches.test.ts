import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBatches } from '../../../src/flows/server/in-batches.js';

test('so many at a time, in order', () => {
  const cases: readonly (readonly [number, readonly (readonly string[])[]])[] = [
    [1, [['a'], ['b'], ['c']]],
    [2, [['a', 'b'], ['c']]],
    [3, [['a', 'b', 'c']]],
    [1000, [['a', 'b', 'c']]],
  ];
  for (const [size, batches] of cases) assert.deepEqual(inBatches(['a', 'b', 'c'], size), batches);
  assert.deepEqual(inBatches([], 2), []);
});
