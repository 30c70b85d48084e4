import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appRules, nftables } from '../../src/templates/nftables.js';

test('SSH is the machine’s, and the rest each app’s', () => {
  const rules = nftables({ tcp: [22, 2222, 22], apps: '/etc/slipway/firewall/*.nft' });
  assert.match(rules, /^ {4}tcp dport \{ 22, 2222 \} accept\n {4}include "\/etc\/slipway\/firewall\/\*\.nft"$/m);
  assert.match(rules, /policy drop;/);
  assert.doesNotMatch(rules, /80/);
});

test('what an app needs', () => {
  const openings = [{ port: 5432, from: ['10.0.0.11', 'fd00::11', '10.0.0.12'] }];
  assert.equal(
    appRules({ tcp: [443, 80], udp: [443], openings }),
    '# Written by Slipway; changes are overwritten.\ntcp dport { 80, 443 } accept\nudp dport { 443 } accept\n' +
      'ip saddr { 10.0.0.11, 10.0.0.12 } tcp dport 5432 accept\nip6 saddr { fd00::11 } tcp dport 5432 accept\n',
  );
  assert.equal(appRules({ tcp: [], udp: [], openings: [] }), '# Written by Slipway; changes are overwritten.\n');
  assert.throws(() => appRules({ tcp: [], udp: [], openings: [{ port: 1, from: ['any } accept'] }] }), { code: 'UNSAFE_VALUE' });
});
