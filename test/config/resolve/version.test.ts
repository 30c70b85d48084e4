import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast } from '../../../src/config/resolve/version.js';

const TABLE: readonly [string, string, boolean][] = [
  ['5.2.17', '4.2', true],
  ['5.10', '5.9', true],
  ['4.1.13', '4.2', false],
  ['1.11.29', '2.0', false],
  ['6.1rc1', '6.1', true],
  ['2028.1', '6.2', true],
  ['5.2', '5.2.0', true],
  ['main', '6.1', true],
];

for (const [version, floor, answer] of TABLE) {
  test(`${version} is ${answer ? '' : 'not '}at least ${floor}`, () => assert.equal(atLeast(version, floor), answer));
}
