import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type CertificateWish, obtainCertificate } from '../../src/ops/certbot.js';

const folder = mkdtempSync(join(tmpdir(), 'slipway-certbot-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const wish: CertificateWish = { name: 'no-such-app', domains: ['shop.example'], webroot: '/w', wait: join(folder, 'wait') };

/** What certbot says on each call, in its own words; the last is said again. A text is the authority's directory. */
function obtain(...said: readonly ({ readonly code: number; readonly says: string } | string)[]) {
  const answers = said.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  const directory = said.find((one) => typeof one === 'string');
  const calls = join(folder, 'calls');
  rmSync(calls, { force: true });
  const cases = answers.map(({ code, says }, index) => `[ $n -gt ${index + 1} ] || { echo '${says}'; exit ${code}; }`);
  const last = answers.at(-1);
  const program = `#!/bin/sh\necho "$@" >>${calls}; n=$(wc -l <${calls})\n${cases.join('\n')}\necho '${last?.says}'; exit ${last?.code}\n`;
  writeFileSync(join(folder, 'certbot'), program);
  chmodSync(join(folder, 'certbot'), 0o755);
  const [command = '', ...argv] = obtainCertificate({ ...wish, ...(directory === undefined ? {} : { directory }) }).argv.map(
    String,
  );
  const { status, stderr } = spawnSync(command, argv, { env: { PATH: `${folder}:${process.env['PATH']}` }, encoding: 'utf8' });
  const asked = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n').length : 0;
  return { status, stderr, asked };
}

const NONCE = {
  code: 1,
  says: 'An unexpected error occurred:\nThe client sent an unacceptable anti-replay nonce :: JWS has an invalid anti-replay nonce',
};

test('a refused nonce is tried again, and no longer than is sensible', () => {
  assert.deepEqual(obtain(NONCE, NONCE, { code: 0, says: 'done' }), { status: 0, stderr: '', asked: 3 });
  const never = obtain(NONCE);
  assert.deepEqual([never.status, never.asked], [1, 10]);
  assert.match(never.stderr, /anti-replay nonce/);
});

test('any other failure is told at once', () => {
  const { status, asked, stderr } = obtain({ code: 1, says: 'Detail: 203.0.113.9: Connection refused' });
  assert.deepEqual([status, asked], [1, 1]);
  assert.match(stderr, /Connection refused/);
  assert.equal(existsSync(wish.wait), false);
});

test('a limit that is reached is heeded until its time is over', () => {
  const limit = (until: string) => ({
    code: 1,
    says: `There were too many requests of a given type :: too many certificates (5) already issued for this exact set of domains in the last 168h0m0s: shop.example, retry after ${until} UTC: see https://letsencrypt.org/docs/rate-limits/`,
  });
  const first = obtain(limit('2999-01-02 03:04:05'));
  assert.equal(first.asked, 1);
  assert.match(first.stderr, /^Detail: .* left alone until 2999-01-02 03:04:05 UTC/);
  const left = obtain({ code: 0, says: 'done' });
  assert.deepEqual([left.status, left.asked], [75, 0]);
  assert.match(left.stderr, /left alone until 2999-01-02 03:04:05 UTC/);
  const other = obtain({ code: 0, says: 'done' }, 'https://acme.example/directory');
  assert.deepEqual([other.status, other.asked], [0, 1], 'another authority has asked for nothing');
  writeFileSync(wish.wait, '1000000000 https://acme-v02.api.letsencrypt.org/directory');
  assert.deepEqual(obtain({ code: 0, says: 'done' }), { status: 0, stderr: '', asked: 1 });
  assert.equal(existsSync(wish.wait), false, 'a certificate that was got ends the waiting');
  obtain({ code: 1, says: 'Error: urn:ietf:params:acme:error:rateLimited :: slow down' });
  assert.ok(Number.parseInt(readFileSync(wish.wait, 'utf8'), 10) > Date.now() / 1000 + 3000, 'an hour where no time is said');
});

test('names are proved by DNS with a program of the user’s', () => {
  const { argv } = obtainCertificate({ ...wish, dnsHook: '/srv/shop/edge/dns-hook' });
  assert.ok(argv.includes('--manual') && argv.includes('/srv/shop/edge/dns-hook auth') && !argv.includes('--webroot'));
});
