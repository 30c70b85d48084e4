import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { acmeSteps, certificateSteps } from '../../../src/targets/server/certificate.js';
import { edgeStart, edgeSteps } from '../../../src/targets/server/edge.js';
import { drainSteps, endSteps, startSteps, switchSteps } from '../../../src/targets/server/go-live.js';
import { sockets } from '../../../src/targets/server/layout.js';
import type { ServerRelease } from '../../../src/targets/server/options.js';
import { removeSteps } from '../../../src/targets/server/remove.js';
import { verifySteps } from '../../../src/targets/server/verify.js';
import type { Lab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { until } from '../lab/sandbox.js';
import { type ServerApp, serverApp, withServerApp } from '../lab/server-app.js';

const skip = labMissing();
let lab: Lab;
let app: ServerApp;

withServerApp(skip, (server) => {
  ({ lab, app } = server);
});
// Another connection than the first one, after the host has been started anew.
after(() => app?.close());

const FIRST = '20261121-100000-aaaaaaa';
const SECOND = '20261121-100100-bbbbbbb';

/** As a flow does it: up to traffic, and what was there before told to end. */
async function deploy(release: ServerRelease, current?: ServerRelease) {
  const facts = await app.facts();
  await app.make(release);
  const web = app.web(release);
  return {
    steps: [
      ...certificateSteps(release, app.at),
      ...edgeSteps(release, facts, app.at),
      ...startSteps(release, app.at, web),
      ...edgeStart(release, facts, app.at),
      ...switchSteps(release, app.at, current),
    ],
  };
}

test('a first release is served over HTTPS, confined, with its secrets; a second run changes nothing', {
  skip,
  timeout: 300_000,
}, async () => {
  const release = app.release(FIRST);
  const { steps } = await deploy(release);
  // The site comes up with the release: first the link, then nginx.
  const edge = steps.filter(({ id }) => id === 'edge.install' || id === 'edge.ready');
  await app.apply([...steps.filter((step) => !edge.includes(step)), ...edge]);
  await app.apply(verifySteps(release, app.at, false));
  assert.deepEqual(await app.changes(steps), []);

  const sh = (script: string) => app.lab.sh(script);
  const security = await sh(
    `systemd-analyze security --no-pager tiny-web@${FIRST}.service | tail -1; systemd-analyze security --no-pager nginx.service | tail -1`,
  );
  const [web, nginx] = [...security.matchAll(/: (\d+\.\d)/g)].map(([, score]) => Number(score));
  assert.ok(web !== undefined && web <= 1.0, security);
  assert.ok(nginx !== undefined && nginx <= 1.5, security);
  const pid = (await sh(`systemctl show -p MainPID --value tiny-web@${FIRST}.service`)).trim();
  const environ = await sh(`tr '\\0' '\\n' </proc/${pid}/environ`);
  assert.match(environ, /^DATABASE_PASSWORD=pässword$/m);
  assert.match(environ, /^PLAIN=a b%c\$d$/m);
  assert.match(environ, /^SLIPWAY_SECRET_django_2ekey=canary-\$%"\\ é-7f3a$/m);
  const found = await sh(
    "grep -rl 'canar[y]-' /etc /srv /opt /var/log /run/systemd/transient 2>/dev/null | sort; cat /proc/*/cmdline | tr '\\0' ' ' | grep -c 'canar[y]-' || true; journalctl -q | grep -c 'canar[y]-' || true",
  );
  assert.equal(found, '/srv/tiny/secrets/django.key\n0\n0\n');
  assert.equal(await sh('stat -c "%U %a" /srv/tiny/secrets /srv/tiny/secrets/django.key'), 'root 700\nroot 600\n');
});

test('what the app may not do', { skip, timeout: 60_000 }, async () => {
  const as = async (script: string) =>
    (await app.lab.exec(['setpriv', '--reuid=tiny', '--regid=tiny', '--clear-groups', 'sh', '-c', script])).code;
  assert.equal(
    await as(
      `cat /srv/tiny/releases/${FIRST}/source/tiny/settings.py >/dev/null && cat /srv/tiny/releases/${FIRST}/pins.json >/dev/null`,
    ),
    0,
  );
  assert.notEqual(await as(`echo x >>/srv/tiny/releases/${FIRST}/source/tiny/settings.py`), 0);
  assert.notEqual(await as('cat /srv/tiny/secrets/django.key'), 0);
  assert.notEqual(await as('touch /srv/tiny/x /srv/tiny/releases/x /opt/slipway/x /srv/tiny/edge/x'), 0);
  assert.notEqual(await as('ln -sfn /etc /srv/tiny/live'), 0);
  assert.equal(await as('touch /srv/tiny/data/x && rm /srv/tiny/data/x'), 0);
  const other = await app.lab.exec([
    'setpriv',
    '--reuid=nobody',
    '--regid=nogroup',
    '--clear-groups',
    'sh',
    '-c',
    `ls /srv/tiny/releases/${FIRST}/source || curl -s --unix-socket /run/tiny/${FIRST}.sock http://x/`,
  ]);
  assert.notEqual(other.code, 0);
});

test('a second release takes over without losing a request; the first finishes its work and is gone', {
  skip,
  timeout: 300_000,
}, async () => {
  const [first, second] = [app.release(FIRST), app.release(SECOND)];
  const slow = app.host.exec({
    argv: ['curl', '-sk', '--resolve', 'tiny.example.test:443:127.0.0.1', 'https://tiny.example.test/slow?seconds=6'],
  });
  const { steps } = await deploy(second, first);
  const reloads = async () => Number((await app.lab.sh('journalctl -q -u nginx | grep -c Reloaded || true')).trim());
  const before = await reloads();
  await app.apply(steps);
  await app.apply(verifySteps(second, app.at, false));
  await app.apply(drainSteps(first, app.at, 30));
  assert.equal(await reloads(), before, 'nginx is not touched by a release');
  assert.deepEqual(await app.changes(steps), []);
  assert.deepEqual(await app.changes(drainSteps(first, app.at, 30)), []);
  assert.equal((await slow).stdout, 'slow done');
  await until('the first release is gone', async () => !(await app.host.exists(`/etc/systemd/system/tiny@${FIRST}.target`)), 30);
  const units = `tiny-web@${SECOND}.service\ntiny@${SECOND}.target\n`;
  const listed = () => app.lab.sh('systemctl list-units --plain --no-legend --all "tiny*" | cut -d" " -f1 | sort');
  await until('what ends it is gone too', async () => (await listed()) === units, 10);
  assert.equal(await app.host.exists(sockets(app.options.layout).web(FIRST)), false);
  assert.equal(await app.lab.sh('systemctl --failed --plain --no-legend'), '');
});

/** An ACME authority inside the host, for which every name leads to it: https://github.com/letsencrypt/pebble */
async function pebble(): Promise<string> {
  await app.lab.sh(
    `apt-get -qq -y install pebble >/dev/null 2>&1
mkdir -p /tmp/pebble; cd /tmp/pebble
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=acme -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
echo '{"pebble":{"listenAddress":"127.0.0.1:14000","managementListenAddress":"127.0.0.1:15000","certificate":"/tmp/pebble/cert.pem","privateKey":"/tmp/pebble/key.pem","httpPort":80,"tlsPort":443}}' >config.json
systemd-run -q --unit=challtestsrv pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 '' -http01 '' -https01 '' -tlsalpn01 '' -doh '' -dns01 127.0.0.1:8053 -management 127.0.0.1:8055
systemd-run -q --unit=pebble -E PEBBLE_VA_SLEEPTIME=1 -E PEBBLE_WFE_NONCEREJECT=0 pebble -config /tmp/pebble/config.json -dnsserver 127.0.0.1:8053 -strict
for try in $(seq 100); do curl -sk https://127.0.0.1:14000/dir >/dev/null && break; sleep 0.1; done`,
    { timeoutMs: 120_000 },
  );
  return app.lab.sh('cat /tmp/pebble/cert.pem');
}

test('a certificate of an authority takes the temporary one’s place, and is renewed', { skip, timeout: 300_000 }, async () => {
  const tls = { kind: 'acme', directory: 'https://127.0.0.1:14000/dir', ca: await pebble(), email: 'ops@example.test' } as const;
  const release = app.release(SECOND, { options: { ...app.options, tls } });
  const served = () =>
    app.lab.sh(
      'openssl s_client -connect 127.0.0.1:443 -servername www.tiny.example.test </dev/null 2>/dev/null | openssl x509 -noout -issuer -serial',
    );
  assert.match(await served(), /issuer=CN ?= ?tiny\.example\.test/);
  await app.apply(acmeSteps(release, app.at));
  const first = await served();
  assert.match(first, /Pebble Intermediate/);
  assert.deepEqual(await app.changes(acmeSteps(release, app.at)), []);
  await app.apply(verifySteps(release, app.at, false));
  await app.lab.sh(
    'REQUESTS_CA_BUNDLE=/srv/tiny/edge/acme-bundle.pem certbot renew -q --force-renewal --no-random-sleep-on-renew --cert-name tiny',
    { timeoutMs: 120_000 },
  );
  await until('nginx serves the new one', async () => (await served()) !== first, 20);
  assert.match(await served(), /Pebble Intermediate/);
  assert.equal(await app.lab.sh('stat -c "%U:%G %a" /srv/tiny/edge/certificate-key.pem'), 'root:www-data 640\n');
});

/** As a user's would: it talks to the name server, here Pebble's own. */
const DNS_HOOK = `#!/bin/sh
set -eu
name="_acme-challenge.$CERTBOT_DOMAIN."
case "$1" in
  auth) curl -sf -d "{\\"host\\":\\"$name\\",\\"value\\":\\"$CERTBOT_VALIDATION\\"}" http://127.0.0.1:8055/set-txt ;;
  cleanup) curl -sf -d "{\\"host\\":\\"$name\\"}" http://127.0.0.1:8055/clear-txt ;;
esac
echo "$1 $CERTBOT_DOMAIN" >>/tmp/dns-hook.log
`;

test('names are proved by DNS with a hook of the user’s, and so are renewals', { skip, timeout: 300_000 }, async () => {
  const ca = await app.lab.sh('cat /tmp/pebble/cert.pem');
  const tls = { kind: 'acme', directory: 'https://127.0.0.1:14000/dir', ca, dnsHook: DNS_HOOK } as const;
  const domains = ['tiny.example.test', 'www.tiny.example.test', 'by-dns.example.test'] as const;
  const release = app.release(SECOND, { domains, options: { ...app.options, tls } });
  await app.apply(acmeSteps(release, app.at));
  assert.deepEqual(await app.changes(acmeSteps(release, app.at)), []);
  const names = await app.lab.sh('openssl x509 -in /srv/tiny/edge/certificate.pem -noout -ext subjectAltName');
  assert.match(names, /by-dns\.example\.test/);
  const calls = await app.lab.sh('sort /tmp/dns-hook.log | uniq');
  assert.match(calls, /^auth by-dns\.example\.test$/m);
  assert.match(calls, /^cleanup by-dns\.example\.test$/m);
  assert.equal(await app.lab.sh('stat -c "%U %a" /srv/tiny/edge/dns-hook'), 'root 700\n');
});

test('the machine comes back with the live release after its power has gone', { skip, timeout: 120_000 }, async () => {
  await app.close();
  await app.lab.cut();
  await app.lab.start();
  app = await serverApp(lab, 0);
  const release = app.release(SECOND);
  await until(
    'it serves',
    async () =>
      (
        await app.host.exec({
          argv: ['curl', '-skf', '--resolve', 'tiny.example.test:443:127.0.0.1', 'https://tiny.example.test/'],
        })
      ).code === 0,
    30,
  );
  await app.apply(verifySteps(release, app.at, false));
});

test('a release that does not come up is told by its own words, and ends without a trace', {
  skip,
  timeout: 120_000,
}, async () => {
  const broken = app.release('20261121-100200-ccccccc', { settingsModule: 'tiny.nowhere' });
  const { steps } = await deploy(broken, app.release(SECOND));
  await assert.rejects(app.apply(steps), (error: Error & { code?: string; detail?: string }) => {
    assert.equal(error.code, 'RELEASE_NOT_READY');
    assert.match(error.detail ?? '', /tiny\.nowhere/);
    return true;
  });
  await app.apply(endSteps(app.options, broken.version, app.at));
  assert.deepEqual(await app.changes(endSteps(app.options, broken.version, app.at)), []);
  assert.equal(await app.lab.sh(`systemctl list-units --plain --no-legend --all "tiny*${broken.version}*"`), '');
  await app.apply(verifySteps(app.release(SECOND), app.at, false));
});

test('all of it goes away again', { skip, timeout: 120_000 }, async () => {
  await app.apply(removeSteps({ options: app.options, versions: [SECOND, '20261121-100200-ccccccc'], keepData: false }, app.at));
  assert.equal(
    await app.lab.sh(
      'ls -d /srv/tiny /run/tiny /etc/nginx/sites-*/tiny* /etc/systemd/system/tiny* /etc/tmpfiles.d/tiny* /etc/logrotate.d/tiny* 2>/dev/null || true',
    ),
    '',
  );
  assert.equal(await app.lab.sh('getent passwd tiny || true'), '');
  assert.equal(await app.lab.sh('nginx -t -q 2>&1; systemctl is-active nginx'), 'active\n');
});
