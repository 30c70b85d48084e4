import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseVersion, timeOfNext } from '../../src/flows/source.js';

const NOW = new Date('2026-11-21T10:45:12.345Z');

test('a version says when it was made and of what', () => {
  assert.match(releaseVersion(NOW, 'tree', 'inputs'), /^20261121-104512-[0-9a-f]{7}$/);
  assert.notEqual(releaseVersion(NOW, 'tree', 'inputs'), releaseVersion(NOW, 'tree', 'others'));
});

for (const [what, versions, wanted] of [
  ['no release', [], '20261121-104512'],
  ['older ones', ['20261121-104511-aaaaaaa', '20251121-104511-aaaaaaa'], '20261121-104512'],
  ['one of the same second', ['20261121-104512-fffffff'], '20261121-104513'],
  ['a clock that went back by a year', ['20271231-235959-0000000', '20261121-104511-aaaaaaa'], '20280101-000000'],
  ['names that are none', ['check', '20269999-999999-0000000', ''], '20261121-104512'],
] as const) {
  test(`the next version is the youngest: ${what}`, () => {
    const next = releaseVersion(timeOfNext(NOW, versions), 'tree', 'inputs');
    assert.ok(next.startsWith(wanted), next);
    for (const version of versions)
      if (/^\d{8}-\d{6}-/.test(version) && !version.includes('9999-')) assert.ok(version < next, version);
  });
}
