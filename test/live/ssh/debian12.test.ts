import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cmd } from '../../../src/core/command.js';
import { openSsh } from '../../../src/hosts/ssh/connect.js';
import { ROOT } from '../../support/slipway.js';
import { addAccounts, PASSWORD } from '../lab/hosts/accounts.js';
import { openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';

test('Debian 12: its sudo, Python and systemd', { skip: labMissing() }, async (context) => {
  const lab = await openLab({ hosts: 1, suite: 'bookworm' });
  context.after(() => lab.close());
  const machine = lab.hosts[0] ?? assert.fail();
  await addAccounts(machine);
  const { sshConfig } = lab;
  const connection = await openSsh(`asker@${machine.address}`, { sshConfig, sudoPassword: async () => PASSWORD });
  context.after(() => connection.close());
  const facts = await connection.facts();
  assert.deepEqual([facts.system.version, facts.systemd, facts.python.slice(0, 5)], ['12', 252, '3.11.']);
  const host = connection.host({ secrets: () => Promise.reject(new Error('none')) });
  assert.equal((await host.exec({ ...cmd('id', '-un'), user: 'shop' })).stdout, 'shop\n');
  await host.sync({ kind: 'sync', from: join(ROOT, 'src/core'), to: '/srv/core', files: ['host.ts', 'command.ts'] });
  assert.deepEqual(await host.list('/srv/core'), ['command.ts', 'host.ts']);
});
