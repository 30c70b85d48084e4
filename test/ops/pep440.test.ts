import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, isPreRelease, isSpecifier, satisfies } from '../../src/ops/pep440.js';

test('versions sort as PEP 440 says', () => {
  const sorted = [
    'nonsense',
    '1.dev0',
    '1.0.dev456',
    '1.0a1',
    '1.0a2.dev456',
    '1.0a12',
    '1.0b1.dev456',
    '1.0b2',
    '1.0b2.post345.dev456',
    '1.0b2.post345',
    '1.0rc1.dev456',
    '1.0rc1',
    '1.0',
    '1.0+abc.5',
    '1.0+abc.7',
    '1.0+5',
    '1.0.post456.dev34',
    '1.0.post456',
    '1.0.15',
    '1.1.dev1',
    '3.9',
    '3.10',
    '1!0.1',
  ];
  for (let index = 1; index < sorted.length; index += 1) {
    assert.ok(compareVersions(sorted[index - 1] ?? '', sorted[index] ?? '') < 0, `${sorted[index - 1]} < ${sorted[index]}`);
  }
  for (const [a, b] of [
    ['1.0', '1'],
    ['1.0rc1', '1.0c1'],
    ['1.0-1', '1.0.post1'],
    ['v1.0', '1.0.0'],
    ['1.0.RC1', '1.0rc1'],
  ] as const) {
    assert.equal(compareVersions(a, b), 0, `${a} = ${b}`);
  }
});

test('specifiers hold as PEP 440 says', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['3.12.1', '>=3.10,<3.13', true],
    ['3.13.0', '>=3.10,<3.13', false],
    ['3.7.16', '==3.7.*', true],
    ['3.7.16', '!=3.7.*', false],
    ['3.70', '==3.7.*', false],
    ['3.7.16', '==3.7', false],
    ['3.7.0', '==3.7', true],
    ['3.12.1', '~=3.10', true],
    ['4.0', '~=3.10', false],
    ['2.2.5', '~=2.2.0', true],
    ['2.3.0', '~=2.2.0', false],
    ['3.13.0rc1', '<3.13', false],
    ['3.13.0rc1', '<3.13.0rc2', true],
    ['1.7.post1', '>1.7', false],
    ['1.7.1', '>1.7', true],
    ['1.0+local', '==1.0', true],
    ['1.0', '==1.0+local', false],
    ['3.12.1', '', true],
    ['3.12.1', '*', true],
    ['3.12.1', '>=3.8, !=3.9.*', true],
    ['3.12.1', '===3.12.1', true],
    ['3.12.1', '3.12', false],
    ['3.12.1', '>=three', false],
  ];
  for (const [version, specifier, expected] of table)
    assert.equal(satisfies(version, specifier), expected, `${version} ${specifier}`);
});

test('what is no specifier is told from one', () => {
  for (const good of ['>=3.8', '~=3.10', '==3.7.*', '>=3.8,<4', '', '*']) assert.equal(isSpecifier(good), true, good);
  for (const bad of ['^3.8', '3.8', '>=three', 'latest']) assert.equal(isSpecifier(bad), false, bad);
  assert.equal(isPreRelease('3.14.0rc1'), true);
  assert.equal(isPreRelease('3.14.0'), false);
});
