import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { Failure } from '../../src/core/failure.js';
import { createAuthority, issueCertificate, needsAuthority, needsRenewal } from '../../src/ops/certificate.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);
const NAMES = ['localhost', '*.shop.test', '127.0.0.1', '[::1]'];

test('the authority: its own signature, ten years, no other authority below it', async () => {
  const { certificate } = await createAuthority(NOW);
  const read = new X509Certificate(certificate);
  assert.ok(read.ca && read.verify(read.publicKey) && read.checkIssued(read));
  assert.equal(new Date(read.validFrom).getTime(), later(-1).getTime());
  assert.equal(new Date(read.validTo).getTime(), later(3650).getTime());
});

test('a server certificate: names, lifetime, signed, key that fits', async () => {
  const authority = await createAuthority(NOW);
  const leaf = await issueCertificate(authority, NAMES, NOW);
  const read = new X509Certificate(leaf.certificate);
  const issuer = new X509Certificate(authority.certificate);
  assert.ok(!read.ca && read.verify(issuer.publicKey) && read.checkIssued(issuer));
  assert.equal(read.subjectAltName, 'DNS:localhost, DNS:*.shop.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  assert.deepEqual(
    [read.checkHost('a.shop.test'), read.checkIP('::1'), read.checkHost('evil.test')],
    ['*.shop.test', '::1', undefined],
  );
  assert.equal((new Date(read.validTo).getTime() - new Date(read.validFrom).getTime()) / DAY, 397);
  assert.deepEqual(read.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  const numbers = await Promise.all(Array.from({ length: 20 }, () => issueCertificate(authority, ['localhost'], NOW)));
  assert.equal(new Set(numbers.map((one) => new X509Certificate(one.certificate).serialNumber)).size, 20);
});

test('Node accepts it, and nothing another authority signed', async () => {
  const now = new Date();
  const [authority, other] = [await createAuthority(now), await createAuthority(now)];
  const leaf = await issueCertificate(authority, ['localhost'], now);
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, (socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const shake = (ca: string) =>
    new Promise<boolean>((done, fail) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
        done(socket.authorized);
        socket.destroy();
      }).on('error', fail);
    });
  try {
    assert.equal(await shake(authority.certificate), true);
    await assert.rejects(shake(other.certificate), /unable to|self-signed|signature/);
  } finally {
    server.close();
  }
});

test('it ends before its authority does', async () => {
  const authority = await createAuthority(later(-3500));
  const { certificate } = await issueCertificate(authority, ['localhost'], NOW);
  assert.equal(new X509Certificate(certificate).validTo, new X509Certificate(authority.certificate).validTo);
});

test('when a server certificate is made anew', async () => {
  const [authority, other] = [await createAuthority(NOW), await createAuthority(NOW)];
  const { certificate } = await issueCertificate(authority, NAMES, NOW);
  const damaged = certificate.replace(/\n.{20}/, '\n');
  const cases: readonly (readonly [string, boolean, boolean])[] = [
    ['fresh', needsRenewal(certificate, NAMES, NOW, authority.certificate), false],
    ['fewer names', needsRenewal(certificate, ['::1', 'LOCALHOST'], NOW), false],
    ['another name', needsRenewal(certificate, ['shop.test'], NOW), true],
    ['another address', needsRenewal(certificate, ['127.0.0.2'], NOW), true],
    ['ends in 31 days', needsRenewal(certificate, NAMES, later(396 - 31)), false],
    ['ends in 29 days', needsRenewal(certificate, NAMES, later(396 - 29)), true],
    ['the clock went back', needsRenewal(certificate, NAMES, later(-2)), true],
    ['none', needsRenewal(undefined, NAMES, NOW), true],
    ['damaged', needsRenewal(damaged, NAMES, NOW), true],
    ['not one', needsRenewal('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', NAMES, NOW), true],
    ['another authority', needsRenewal(certificate, NAMES, NOW, other.certificate), true],
  ];
  for (const [title, got, expected] of cases) assert.equal(got, expected, title);
});

test('when the authority is made anew', async () => {
  const { certificate } = await createAuthority(NOW, ['shop.example.com', '203.0.113.9']);
  const private_ = [
    'localhost',
    'a.localhost',
    'x.test',
    '*.a.internal',
    'nas.local',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '::1',
    'fd00::1',
    'fe80::1',
  ];
  for (const name of [...private_, 'shop.example.com', '*.shop.example.com', '203.0.113.9']) {
    assert.equal(needsAuthority(certificate, [name], NOW), false, name);
  }
  for (const name of [
    'example.com',
    'myshop.example.com',
    'bank.com',
    'notlocalhost',
    '203.0.113.10',
    '172.32.0.1',
    '2001:db8::1',
  ]) {
    assert.equal(needsAuthority(certificate, [name], NOW), true, name);
  }
  assert.equal(needsAuthority(undefined, [], NOW), true);
  assert.equal(needsAuthority(certificate, [], later(3640)), true);
});

test('what is no name is refused, and a damaged key is said to be one', async () => {
  const authority = await createAuthority(NOW);
  const wrong = [
    '',
    'a b',
    'https://x.test',
    'x.test:443',
    '256.1.1.1',
    '1.2.3',
    ':::',
    'ä.test',
    '-x.test',
    'x..test',
    'a.*.test',
    '1::2::3',
    'x\ny',
  ];
  for (const name of wrong) {
    await assert.rejects(
      issueCertificate(authority, [name], NOW),
      (error) => error instanceof Failure && error.code === 'CERTIFICATE_NAME',
      name,
    );
  }
  const damaged = { ...authority, key: authority.key.replace(/\n.{30}/, '\n') };
  await assert.rejects(
    issueCertificate(damaged, ['localhost'], NOW),
    (error) => error instanceof Failure && error.code === 'CERTIFICATE_DAMAGED',
  );
  await assert.rejects(
    issueCertificate({ ...authority, certificate: 'x' }, ['localhost'], NOW),
    (error) => error instanceof Failure && error.code === 'CERTIFICATE_DAMAGED',
  );
});
