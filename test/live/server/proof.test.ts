import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAuthority, issueCertificate } from '../../../src/ops/certificate.js';
import { startLoad } from '../../support/open-loop.js';
import { labMissing } from '../lab/hosts/missing.js';
import { changePlain } from './plain-project.js';
import { openPlainServer, type PlainApp, type PlainServer } from './plain-server.js';

const skip = labMissing();
let server: PlainServer;
let app: PlainApp;

before(async () => {
  if (skip !== false) return;
  server = await openPlainServer();
  app = server.app();
});
after(async () => server?.close());

const load = (path: string, rate: number) =>
  startLoad({ url: new URL(path, app.url).href, ca: server.ca, rate, address: server.host.address, contains: 'html' });

interface Probe {
  readonly requests: number;
  readonly failed: number;
  readonly p99: number;
  readonly from: string;
}

function hostOf(result: Readonly<Record<string, unknown>>): { probe: Probe; renameMs: number } {
  const { hosts } = result;
  assert.ok(Array.isArray(hosts) && hosts.length === 1, JSON.stringify(result));
  return hosts[0];
}

test('every switch is watched, and told of in figures', { skip, timeout: 300_000 }, async () => {
  const first = await app.good('deploy');
  assert.equal(hostOf(first).probe.failed, 0);
  changePlain(app.directory, 'second');
  const { probe, renameMs } = hostOf(await app.good('deploy'));
  assert.deepEqual([probe.failed, probe.from], [0, 'here']);
  assert.ok(probe.requests >= 20, `${probe.requests} requests in at least five seconds`);
  assert.ok(renameMs > 0 && renameMs < 100, `${renameMs} ms`);
});

test('a release that passes every check and then fails under load is undone', { skip, timeout: 120_000 }, async () => {
  const before = await app.good('status');
  changePlain(app.directory, 'broken', true);
  const visitors = load('/often', 10);
  const ran = await app.run(['deploy']);
  await new Promise((wake) => setTimeout(wake, 1000));
  const { failures } = await visitors.stop();
  assert.equal(ran.code, 4, ran.stdout);
  const error = ran.result['error'];
  assert.ok(typeof error === 'object' && error !== null && 'code' in error && 'message' in error, ran.stdout);
  assert.equal(error.code, 'ERRORS_ROSE');
  assert.match(String(error.message), new RegExp(`answers to visitors were a 5xx; .*${String(before['release'])} is live again`));
  assert.deepEqual(Object.keys(failures), ['500']);
  const now = await app.good('status');
  assert.equal(now['release'], before['release']);
  const calm = load('/often', 20);
  await new Promise((wake) => setTimeout(wake, 1000));
  assert.deepEqual((await calm.stop()).failures, {});
  const { releases } = await app.good('releases');
  assert.ok(Array.isArray(releases) && releases.every(({ release }) => release !== String(error.message).split(' ')[4]));
});

test('a rollback is watched too, and moves the traffic in an instant', { skip, timeout: 120_000 }, async () => {
  const visitors = load('/often', 20);
  const ran = await app.run(['rollback']);
  const { failures, sent } = await visitors.stop();
  assert.equal(ran.code, 0, ran.stdout);
  const { result } = ran;
  assert.deepEqual(failures, {}, `of ${sent}`);
  const { probe, renameMs } = hostOf(result);
  assert.equal(probe.failed, 0);
  assert.ok(renameMs < 100, `${renameMs} ms`);
  const record = JSON.parse(await server.host.sh(`cat /srv/plain/releases/${String(result['release'])}/switch.json`));
  assert.deepEqual([record.to, record.renameMs, record.probe], [result['release'], renameMs, probe]);
});

test('verify tells what Django makes of requests, and what an edge that was changed by hand breaks', {
  skip,
  timeout: 120_000,
}, async () => {
  const failed = async (): Promise<{ count: number; names: string[] }> => {
    const { code, result, stdout } = await app.run(['verify']);
    const { checks } = result;
    assert.ok(Array.isArray(checks), stdout);
    const names = checks.filter(({ ok }) => !ok).map(({ name, problem }) => `${name}: ${problem}`);
    assert.equal(code, names.length === 0 ? 0 : 4);
    return { count: checks.length, names };
  };
  const { count, names } = await failed();
  assert.deepEqual(names, []);
  assert.ok(count >= 28, `${count} checks`);
  await server.host.sh(
    'for f in $(grep -rl X-Forwarded-Proto /etc/nginx); do cp $f /root/; sed -i "s/X-Forwarded-Proto https/X-Forwarded-Proto http/; s/X-Forwarded-Proto \\$scheme/X-Forwarded-Proto http/; s/client_max_body_size.*;/client_max_body_size 0;/" $f; done; nginx -s reload || systemctl reload nginx',
  );
  await new Promise((wake) => setTimeout(wake, 500));
  const changed = (await failed()).names.join('\n');
  assert.match(changed, /request.is_secure\(\): it is false instead of true/);
  assert.match(changed, /too large is refused/);
  assert.equal(await server.host.sh('ls /run/plain/*.verify /srv/plain/data/media/slipway-verify* 2>/dev/null || true'), '');
});

test('a certificate of one’s own that was renewed is a change, and no release brings the one before back', {
  skip,
  timeout: 300_000,
}, async () => {
  const authority = await createAuthority(new Date());
  /** As a tool that renews certificates leaves them: a new key too. @returns its number */
  const renew = async (): Promise<string> => {
    const { certificate, key } = await issueCertificate(authority, ['plain.test'], new Date());
    writeFileSync(server.caFile, certificate);
    writeFileSync(join(server.folder, 'key.pem'), key);
    return new X509Certificate(certificate).serialNumber;
  };
  const served = async (): Promise<string> =>
    (
      await server.host.sh(
        'openssl s_client -connect 127.0.0.1:443 -servername plain.test </dev/null 2>/dev/null | openssl x509 -noout -serial',
      )
    ).trim();
  const before = String((await app.good('status'))['release']);
  const second = await renew();
  const renewed = await app.good('deploy');
  assert.equal(renewed['changed'], true);
  assert.equal(await served(), `serial=${second}`);
  assert.equal((await app.good('deploy'))['changed'], false);
  assert.equal((await app.good('rollback', before))['release'], before);
  assert.equal(await served(), `serial=${second}`);
  // One that came with a release which never went live: its key is not that of the certificate which serves.
  await renew();
  appendFileSync(join(app.directory, 'plain/asgi.py'), '\nraise RuntimeError("not finished")\n');
  const began = performance.now();
  const { error } = (await app.run(['deploy'])).result;
  assert.equal(Reflect.get(Object(error), 'code'), 'RELEASE_NOT_READY');
  // Uvicorn starts workers that fail for ever.
  const detail = String(Reflect.get(Object(error), 'detail'));
  assert.match(
    detail,
    /workers end as they start[\s\S]*plain\/asgi\.py", line \d+, in <module>[\s\S]*RuntimeError: not finished/,
  );
  assert.ok(performance.now() - began < 45_000, `${performance.now() - began} ms: the time it may take to start is 90 s`);
  await app.good('rollback', String(renewed['release']));
  assert.equal(await served(), `serial=${second}`);
  // Started is not listening yet.
  await server.host.sh(
    "nginx -t; systemctl restart nginx; timeout 20 bash -c 'until true 2>/dev/null >/dev/tcp/127.0.0.1/443; do sleep 0.05; done'",
  );
  assert.equal(await served(), `serial=${second}`);
});
