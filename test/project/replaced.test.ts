import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replacedBy } from '../../src/project/dependencies/replaced.js';

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['torch==2.13.0', ['torch']],
  ['Psycopg_C>=3.2', ['psycopg-c']],
  ['torch @ https://wheels.example/torch-2.13.0.whl', ['torch']],
  ['torch', []],
  ['psycopg-c[pool]', []],
  ['pillow>=10', []],
];

for (const [requirement, names] of CASES)
  test(`${requirement} takes the place of ${names.join() || 'nothing'}`, () => {
    assert.deepEqual(replacedBy([requirement], { packages: { torch: '2.13.0+cpu', 'psycopg-c': null } }), names);
  });
