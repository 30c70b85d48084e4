import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkPostgresConf } from '../../src/templates/postgresql-conf.js';
import { hbaLines, hbaName } from '../../src/templates/postgresql-hba.js';

test('one host, one role, one database, by TLS', () => {
  const lines = hbaLines([
    { database: 'shop', role: 'shop', address: '10.0.0.11' },
    { database: 'shop-archive', role: 'shop', address: 'fd00::11' },
  ]);
  assert.equal(
    lines,
    'hostssl "shop" "shop" 10.0.0.11/32 scram-sha-256\nhostssl "shop-archive" "shop" fd00::11/128 scram-sha-256\n',
  );
});

test('what cannot be a name or an address is refused', () => {
  for (const name of ['', 'a"b', 'a\nb', 'a,b', '+group', '@file', '/regex', 'a\\b'])
    assert.throws(() => hbaName(name), { code: 'UNSAFE_VALUE' });
  for (const address of ['10.0.0.0/8', 'all', '10.0.0.1 trust', '', 'samenet', 'db.example'])
    assert.throws(() => hbaLines([{ database: 'a', role: 'a', address }]), { code: 'UNSAFE_VALUE' });
  // Quoted, a keyword is a name.
  assert.equal(hbaName('all'), '"all"');
});

test('the server listens at one address beside the loopback', () => {
  assert.match(networkPostgresConf('10.0.0.12', '/c', '/k'), /^listen_addresses = 'localhost, 10\.0\.0\.12'\nssl = 'on'\n/);
});
