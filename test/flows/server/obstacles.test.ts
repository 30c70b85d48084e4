import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, judge } from '../../../src/flows/server/obstacles.js';
import type { Disk, SshFacts } from '../../../src/hosts/ssh/facts.js';
import { readFacts } from '../../../src/hosts/ssh/facts.js';

const disk = (path: string, more: Partial<Disk> = {}): Disk => ({
  path,
  device: 1,
  free: 2 ** 33,
  size: 2 ** 34,
  freeInodes: 1e6,
  readOnly: false,
  ...more,
});
const packages = { unfinished: [], interrupted: false, locks: [], expired: [], rebootRequired: false };
const fine: SshFacts = {
  ...readFacts(null, 0),
  disks: ['/', '/opt', '/srv', '/var', '/etc', '/run'].map((path) => disk(path)),
  packages,
  addresses: ['203.0.113.7', '2001:db8::7'],
};
const evidence = (seen: Partial<SshFacts>, more: Partial<Evidence> = {}): Evidence => ({
  host: 'h1',
  seen: { ...fine, ...seen },
  edge: 'nginx',
  installs: true,
  postgres: true,
  treeBytes: 2 ** 20,
  names: [{ domain: 'shop.example', addresses: ['203.0.113.7'] }],
  reachedAt: [],
  ...more,
});
const said = (one: Evidence): string[] => judge(one).obstacles.map(({ code, message }) => `${code}: ${message}`);

test('a host as it should be has nothing against it', () => {
  assert.deepEqual(judge(evidence({})), { obstacles: [], warnings: [] });
});

test('what stands in the way, in words', () => {
  const nginx = { port: 443, address: '0.0.0.0', pid: 7, program: 'nginx', unit: 'nginx.service' };
  const caddy = { ...nginx, program: 'caddy', unit: 'caddy.service' };
  const table: readonly (readonly [Evidence, ...string[]])[] = [
    [evidence({ clockAhead: 86_400 }), 'CLOCK_WRONG: The clock of h1 is 1 day ahead of this machine’s'],
    [evidence({ clockAhead: -7300 }), 'CLOCK_WRONG: The clock of h1 is 2 hours behind this machine’s'],
    [evidence({ clockAhead: 59 })],
    [evidence({ disks: [disk('/srv', { free: 1e6 })] }), 'DISK_FULL: h1 has 1 MB left for /srv, and a deployment may need 52 MB'],
    [
      evidence({ disks: [disk('/opt', { free: 900 * 2 ** 20 }), disk('/var', { free: 900 * 2 ** 20 })] }),
      'DISK_FULL: h1 has 900 MB left for /opt, /var, and a deployment may need 1000 MB',
    ],
    [evidence({ disks: [disk('/var', { free: 300 * 2 ** 20 })] }, { installs: false })],
    [
      evidence({ disks: [disk('/srv', { freeInodes: 12 })] }),
      'DISK_FULL: h1 can make only 12 more files in /srv: its inodes are used up',
    ],
    [
      evidence({ disks: [disk('/srv', { readOnly: true })] }),
      'DISK_READ_ONLY: h1 cannot write to /srv: the file system is read-only',
    ],
    [
      evidence({ packages: { ...packages, unfinished: ['half half-configured'] } }),
      'DPKG_UNFINISHED: Packages on h1 are installed by half: half half-configured',
    ],
    [evidence({ packages: { ...packages, interrupted: true } }), 'DPKG_UNFINISHED: An installation on h1 was cut off'],
    [
      evidence({ packages: { ...packages, locks: [{ path: '/var/lib/dpkg/lock', pid: 9, program: 'apt-get' }] } }),
      'APT_LOCKED: apt-get (pid 9) on h1 is installing packages',
    ],
    [evidence({ listeners: [nginx] })],
    [evidence({ listeners: [nginx] }, { edge: 'apache' }), 'PORT_TAKEN: Port 443 of h1 belongs to nginx (nginx.service)'],
    [
      evidence({ listeners: [caddy, { ...caddy, port: 80 }] }),
      'PORT_TAKEN: Port 80 and 443 of h1 belongs to caddy (caddy.service)',
    ],
    [
      evidence({ listeners: [{ port: 5432, address: '0.0.0.0', pid: 8, program: 'docker-proxy' }] }),
      'PORT_TAKEN: Port 5432 of h1, where PostgreSQL is to be, belongs to docker-proxy (pid 8)',
    ],
    [
      evidence({
        listeners: [{ port: 5432, address: '127.0.0.1', pid: 8, program: 'postgres' }],
        clusters: [{ major: 16, name: 'main', port: 5432 }],
      }),
    ],
  ];
  for (const [one, ...expected] of table) assert.deepEqual(said(one), expected);
});

test('trouble with packages stops nothing that installs none, and is told', () => {
  const { obstacles, warnings } = judge(evidence({ packages: { ...packages, interrupted: true } }, { installs: false }));
  assert.deepEqual(obstacles, []);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['dpkg-unfinished'],
  );
});

test('a name that leads elsewhere is a warning; one that leads nowhere yet is not', () => {
  const names = [
    { domain: 'shop.example', addresses: ['198.51.100.1'] },
    { domain: 'www.shop.example', addresses: ['198.51.100.1', '2001:db8::7'] },
    { domain: 'new.shop.example', addresses: [] },
  ];
  const { warnings } = judge(evidence({}, { names, reachedAt: ['203.0.113.9'] }));
  assert.deepEqual(
    warnings.map(({ message }) => message),
    ['shop.example leads to 198.51.100.1, which is not h1: until it does, the site has a temporary certificate'],
  );
  assert.match(warnings[0]?.hint ?? '', /shop\.example → 203\.0\.113\.9/);
});
