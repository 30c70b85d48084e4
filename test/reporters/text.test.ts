import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration } from '../../src/reporters/duration.js';
import { cleanLine, columns, padTo, truncate, wrap } from '../../src/reporters/line-width.js';
import { masking } from '../../src/reporters/mask.js';
import { plainCharacters } from '../../src/reporters/plain-characters.js';

test('foreign lines lose what a terminal would obey', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['\x1b[1;31mred\x1b[0m', 'red'],
    ['\x1b]8;;https://x.example\x07link\x1b]8;;\x07', 'link'],
    ['10%\r50%\r100%', '100%'],
    ['done\r\n', 'done'],
    ['a\tb', 'a    b'],
    ['bell\x07 back\x08 \x9b31m csi', 'bell back 31m csi'],
    ['\u202eevil', 'evil'],
    ['äöü 漢字', 'äöü 漢字'],
  ];
  for (const [given, expected] of cases) assert.equal(cleanLine(given), expected);
});

test('columns are what a terminal takes', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['\x1b[32mok\x1b[39m', 2],
    ['✔ → ×', 5],
    ['🚀', 2],
  ];
  for (const [text, width] of cases) assert.equal(columns(text), width, JSON.stringify(text));
});

test('truncated and wrapped texts fit', () => {
  assert.equal(truncate('short', 5), 'short');
  assert.equal(truncate('longer', 5), 'long…');
  assert.equal(truncate('漢字漢字', 5), '漢字…');
  assert.equal(truncate('any', 0), '');
  assert.deepEqual(wrap('one two three four', 9), ['one two', 'three', 'four']);
  assert.deepEqual(wrap('averyveryverylongword x', 10), ['averyveryv', 'erylongwor', 'd x']);
  assert.deepEqual(wrap('', 10), ['']);
  assert.equal(padTo('漢', 4), '漢  ');
  for (let width = 8; width < 40; width++) {
    for (const line of wrap('environment 41 packages · static 漢字漢字漢字漢字漢字 files', width))
      assert.ok(columns(line) <= width);
  }
});

test('durations', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0 s'],
    [6.14, '6.1 s'],
    [61, '61.0 s'],
    [99.94, '99.9 s'],
    [99.96, '1 min 40 s'],
    [185, '3 min 05 s'],
    [3599.9, '60 min 00 s'],
  ];
  for (const [seconds, text] of cases) assert.equal(duration(seconds), text);
});

test('symbols in ASCII keep their width, and words stay', () => {
  const given = '✔ web ×2 · 1.9 MB → 0.6 MB … ⠋ müller';
  const plain = plainCharacters(given);
  assert.equal(plain.length, given.length);
  assert.match(plain, /^\+ web x2 - 1\.9 MB > 0\.6 MB ~ [|/\\-] müller$/);
});

test('secrets are masked, and what only talks of them is not', () => {
  const mask = masking(['s3cret-value', 'tiny']);
  const cases: readonly (readonly [string, string])[] = [
    ['the s3cret-value twice: s3cret-value', 'the •••• twice: ••••'],
    ['tiny words stay', 'tiny words stay'],
    ['redis://:hunter2@localhost:6379/0', 'redis://:••••@localhost:6379/0'],
    ['DB_PASSWORD=hunter2hunter2 next', 'DB_PASSWORD=•••• next'],
    ["SECRET_KEY = os.environ['SECRET_KEY']", "SECRET_KEY = os.environ['SECRET_KEY']"],
    ["SECRET_KEY=env('SECRET_KEY')", "SECRET_KEY=env('SECRET_KEY')"],
    ['https://example.org:8443/a@b', 'https://example.org:8443/a@b'],
  ];
  for (const [given, expected] of cases) assert.equal(mask(given), expected);
});
