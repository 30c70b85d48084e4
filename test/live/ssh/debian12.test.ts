import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cmd } from '../../../src/core/command.js';
import { openSsh } from '../../../src/hosts/ssh/connect.js';
import { baseSteps } from '../../../src/targets/server/base.js';
import { serverLayout } from '../../../src/targets/server/layout.js';
import { appRules, nftables } from '../../../src/templates/nftables.js';
import { ROOT } from '../../support/slipway.js';
import { addAccounts, PASSWORD } from '../lab/hosts/accounts.js';
import { openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';

test('Debian 12: its sudo, Python, systemd and nftables', { skip: labMissing() }, async (context) => {
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

  // A small system has no /etc/protocols.
  await machine.sh('apt-get -qq update && apt-get -qq -y install --no-install-recommends nftables >/dev/null', {
    timeoutMs: 120_000,
  });
  const rules = nftables({ tcp: [22], apps: '/etc/slipway/firewall/*.nft' });
  const own = appRules({ tcp: [80, 443], udp: [443], openings: [{ port: 5432, from: ['203.0.113.10', '2001:db8::/32'] }] });
  await machine.sh(`mkdir -p /etc/slipway/firewall; printf '%s' '${own}' >/etc/slipway/firewall/shop.nft`);
  const taken = await machine.exec(['nft', '-c', '-f', '-'], { input: rules });
  assert.deepEqual([taken.code, taken.stderr], [0, '']);

  // Access control lists are written in words that its systemd-tmpfiles has.
  await machine.sh('useradd --system slipway');
  const place = {
    name: 'h1',
    roles: ['web'],
    python: '/usr/bin/python3',
    package: '/opt/slipway/package',
    systemd: 252,
  } as const;
  const spec = { layout: serverLayout('shop'), key: 'shop', user: 'shop', edge: 'nginx' } as const;
  const steps = baseSteps({ host: place, options: spec, packages: [] });
  const file = steps.find(({ action }) => action.kind === 'file')?.action;
  const check = steps.find(({ id }) => id === 'base.folders')?.action;
  assert.ok(file?.kind === 'file' && typeof file.content === 'string' && check?.kind === 'run');
  const made = await machine.exec(['systemd-tmpfiles', '--create', '-'], { input: file.content });
  assert.deepEqual([made.code, made.stderr], [0, '']);
  const looks = readFileSync(join(ROOT, 'python/slipway_host_tools/folders.py'), 'utf8');
  await machine.exec(['tee', '/tmp/folders.py'], { input: looks });
  const wanted = check.check !== undefined && 'command' in check.check ? check.check.command.stdin : undefined;
  assert.ok(typeof wanted === 'string');
  const found = await machine.exec(['python3', '/tmp/folders.py'], { input: wanted });
  assert.deepEqual([found.code, found.stdout], [0, '']);
  await machine.sh('cd /srv/shop/data/media && runuser -u shop -- sh -c "umask 027; mkdir new; echo upload >new/a.txt"');
  assert.equal(await machine.sh('cd / && runuser -u www-data -- cat /srv/shop/data/media/new/a.txt'), 'upload\n');
  assert.equal(await machine.sh('test -x /srv/shop/data/media/new/a.txt || echo no'), 'no\n');

  // A first deployment can end before there is a front server.
  const tool = readFileSync(join(ROOT, 'python/slipway_host_tools/edge_config.py'), 'utf8');
  for (const server of ['nginx', 'apache']) {
    const words = ['remove', '--server', server, '--site', 'shop', '--next', '/srv/shop/edge/next', '--state', '/srv/shop/edge'];
    const removed = await machine.exec(['python3', '-', ...words], { input: tool });
    assert.deepEqual([removed.code, removed.stderr], [0, '']);
  }
});
