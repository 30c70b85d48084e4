import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/core/event.js';
import { holdReport } from '../../src/flows/held-report.js';

const note = (message: string): Event => ({ type: 'note', message });

test('what is held is told in its order once it is released, and what comes then at once', () => {
  const told: string[] = [];
  const held = holdReport((event) => {
    if (event.type === 'note') told.push(event.message);
  });
  held.report(note('one'));
  held.report(note('two'));
  assert.deepEqual(told, []);
  held.release();
  assert.deepEqual(told, ['one', 'two']);
  held.report(note('three'));
  held.release();
  assert.deepEqual(told, ['one', 'two', 'three']);
});
