import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUnits } from '../../src/ops/systemd-units.js';

test('units as systemctl shows them', () => {
  const shown = `Id=shop-web@1.service
Description=shop: web
ActiveState=active
SubState=running
MainPID=812
ActiveEnterTimestamp=@1795255512
NRestarts=2

Id=shop-beat.service
Description=a = b
ActiveState=failed
SubState=failed
MainPID=0
ActiveEnterTimestamp=
NRestarts=0
`;
  assert.deepEqual(parseUnits(shown), [
    {
      name: 'shop-web@1.service',
      description: 'shop: web',
      active: 'active',
      sub: 'running',
      pid: 812,
      since: 1795255512,
      restarts: 2,
    },
    { name: 'shop-beat.service', description: 'a = b', active: 'failed', sub: 'failed', pid: null, since: null, restarts: 0 },
  ]);
});

test('nothing loaded is nothing', () => assert.deepEqual(parseUnits(''), []));
