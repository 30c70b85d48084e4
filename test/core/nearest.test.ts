import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../src/core/nearest.js';

test('the nearest word is the one meant', () => {
  const keys = ['app', 'web', 'workers', 'threads', 'environments', 'env', 'max_body'];
  const table: readonly (readonly [string, string | undefined])[] = [
    ['wokers', 'workers'],
    ['worekrs', 'workers'],
    ['Workers', 'workers'],
    ['enviroment', 'environments'],
    ['maxbody', 'max_body'],
    ['ap', 'app'],
    ['emv', 'env'],
    ['nonsense', undefined],
    ['xyz', undefined],
    ['', undefined],
  ];
  for (const [typed, meant] of table) assert.equal(nearest(typed, keys), meant, typed);
});

test('of two, the nearer one; of none, none', () => {
  assert.equal(nearest('stagin', ['string', 'staging']), 'staging');
  assert.equal(nearest('x', []), undefined);
});
