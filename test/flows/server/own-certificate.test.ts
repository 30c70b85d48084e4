import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeCertificate, type OwnCertificate } from '../../../src/flows/server/own-certificate.js';
import { createAuthority, issueCertificate } from '../../../src/ops/certificate.js';

const MADE = new Date('2026-01-01T12:00:00Z');
const after = (days: number): Date => new Date(MADE.getTime() + days * 86_400_000);

const pair = async () => issueCertificate(await createAuthority(MADE), ['shop.test'], MADE);

const own = async (more: Partial<OwnCertificate> = {}): Promise<OwnCertificate> => {
  const { certificate, key } = await pair();
  return { path: 'shop.pem', chain: certificate, keyPath: 'shop.key', key, domains: ['shop.test'], ...more };
};

const told = (certificate: OwnCertificate, now: Date): string[] => {
  const { obstacles, warnings } = judgeCertificate(certificate, now);
  return [...obstacles, ...warnings].map(({ code, message }) => `${code}: ${message}`);
};

test('a certificate of one’s own is judged before anything is touched', async () => {
  const good = await own();
  const table: readonly (readonly [string, OwnCertificate, Date, readonly string[]])[] = [
    ['good', good, MADE, []],
    ['in its last days', good, after(390), ['certificate-expires: shop.pem is good until 2027-02-01 only']],
    ['expired', good, after(400), ['CERTIFICATE_EXPIRED: shop.pem has expired on 2027-02-01: no visitor would be let in']],
    ['not yet', good, after(-30), ['CERTIFICATE_UNUSABLE: shop.pem is good from 2025-12-31 on, and not yet']],
    ['of another key', { ...good, key: (await pair()).key }, MADE, ['CERTIFICATE_UNUSABLE: shop.key is not the key of shop.pem']],
    ['the key in its place', { ...good, chain: good.key }, MADE, ['CERTIFICATE_UNUSABLE: shop.pem holds no certificate']],
    ['no key', { ...good, key: 'x' }, MADE, ['CERTIFICATE_UNUSABLE: shop.key holds no private key that can be read']],
    [
      'of another name',
      await own({ domains: ['shop.test', 'www.shop.test'] }),
      MADE,
      ['certificate-names: shop.pem does not name www.shop.test'],
    ],
  ];
  for (const [name, certificate, now, wanted] of table) assert.deepEqual(told(certificate, now), wanted, name);
});
