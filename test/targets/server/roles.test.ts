import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignRoles, type NamedHost } from '../../../src/targets/server/roles.js';

const assigned = (...hosts: NamedHost[]): string[] =>
  assignRoles(hosts).map(({ address, roles }) => `${address}: ${[...roles].sort().join(' ')}`);

test('what runs where', () => {
  const table: readonly [readonly NamedHost[], readonly string[]][] = [
    [[{ address: 'a' }], ['a: beat database web worker']],
    // Without roles, the first machine has what there is one of.
    [
      [{ address: 'a' }, { address: 'b' }],
      ['a: beat database web worker', 'b: web worker'],
    ],
    // What another is named for, it alone has.
    [
      [{ address: 'a' }, { address: 'b', roles: ['database'] }, { address: 'c', roles: ['beat'] }],
      ['a: web worker', 'b: database', 'c: beat'],
    ],
    // Nobody has what nobody is named for.
    [[{ address: 'a', roles: ['web', 'web'] }], ['a: web']],
  ];
  for (const [hosts, expected] of table) assert.deepEqual(assigned(...hosts), expected);
});

test('one scheduler, one database, one entry a machine', () => {
  assert.throws(() => assigned({ address: 'a', roles: ['beat'] }, { address: 'b', roles: ['beat', 'web'] }), {
    code: 'ROLE_TWICE',
  });
  assert.throws(() => assigned({ address: 'a', roles: ['database'] }, { address: 'b', roles: ['database'] }), {
    code: 'ROLE_TWICE',
  });
  assert.throws(() => assigned({ address: 'a' }, { address: 'a', roles: ['web'] }), { code: 'HOST_TWICE' });
});
