import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAuthority, issueCertificate } from '../../../src/ops/certificate.js';
import { Visitor } from '../../support/browserless.js';
import { labMissing } from '../lab/hosts/missing.js';
import { pebbleMissing } from '../lab/hosts/pebble.js';
import { addEcho } from './echo.js';
import { startMixed } from './mixed-load.js';
import { changePlain, plainProject } from './plain-project.js';
import { openProduction, type Production, siteOn, visitorsOf } from './production.js';

const CACHED = { web: { cache: { seconds: 2, paths: ['/echo/kept/'] } } };

test('deploy behind Apache', { skip: labMissing() || pebbleMissing(), timeout: 900_000 }, async (context) => {
  let site: Production;
  const ask = (path: string, options: Parameters<ReturnType<Production['visitor']>['ask']>[1] = {}) =>
    site.visitor().ask(new URL(path, site.url).href, options);

  before(async () => {
    site = await openProduction('allotment');
    addEcho(site.project);
    site.configure({ edge: 'apache' }, CACHED);
  });
  after(async () => site?.close());

  await context.test('one command ends with a page over verified HTTPS, and again changes nothing', async () => {
    const result = await site.good('deploy');
    assert.deepEqual([result['url'], result['changed'], result['warnings']], [site.url, true, []]);
    const page = await site.visitor().visit(site.url);
    assert.equal(page.status, 200);
    for (const name of ['x-frame-options', 'referrer-policy', 'x-content-type-options', 'strict-transport-security'])
      assert.doesNotMatch(String(page.headers[name]), /,/, name);
    assert.equal(page.headers['server'], 'Apache');
    assert.equal((await site.good('deploy'))['changed'], false);
  });

  await context.test('verify and status agree', async () => {
    const { checks } = await site.good('verify');
    assert.ok(Array.isArray(checks) && checks.length > 10);
    const { services } = await site.good('status');
    assert.ok(Array.isArray(services));
    assert.deepEqual(
      services.map(({ kind, state }) => `${kind} ${state}`),
      ['apache running'],
    );
  });

  await context.test('plain HTTP leads on with path and query, strangers get nothing', async () => {
    const plain = await site.visitor().ask(`http://${site.domain}/a%20b/?x=1%3f`);
    assert.deepEqual([plain.status, plain.headers.location], [308, `${site.url}a%20b/?x=1%3f`]);
    assert.equal((await ask('/', { headers: { host: 'other.test' } })).status, 421);
    for (const path of ['/-/health', '/-/health/ready', '/-/unavailable.html', '/.env'])
      assert.equal((await ask(path)).status, 404, path);
  });

  await context.test('what the app is told of the client is Apache’s word', async () => {
    const forged = ['X-Forwarded-For', 'X_Forwarded_For', 'X-Real_IP', 'X-Forwarded-Proto', 'X_Forwarded_Proto', 'Remote-User'];
    const page = await ask('/echo/a%2Fb//%C3%BC', {
      headers: {
        ...Object.fromEntries(forged.map((name) => [name, '6.6.6.6'])),
        'x-forwarded-host': 'evil.test',
        connection: 'x-real-ip',
      },
    });
    const told = JSON.parse(page.text);
    assert.equal(told.REMOTE_ADDR, site.lab.gateway);
    assert.deepEqual([told.HTTP_X_FORWARDED_FOR, told.HTTP_X_FORWARDED_PROTO, told.secure], [site.lab.gateway, 'https', true]);
    assert.equal(told.path, '/echo/a/b//ü');
    assert.doesNotMatch(page.text, /6\.6\.6\.6|evil/);
    assert.equal(told.HTTP_X_REQUEST_ID, page.headers['x-request-id']);
  });

  await context.test(
    'bodies: all of one arrives, one that is too long is refused, and the app’s own refusal is heard',
    async () => {
      const send = async (bytes: number, more = '') =>
        Number(
          await site.host.sh(
            `head -c ${bytes} /dev/zero | curl -sk ${more} -o /dev/null -w '%{http_code}' --resolve ${site.domain}:443:127.0.0.1 --data-binary @- ${site.url}echo/`,
          ),
        );
      for (const version of ['--http1.1', '--http2'])
        assert.equal(await send(2_000, `${version} -H 'Transfer-Encoding: chunked' -H 'Content-Length:'`), 411, version);
      assert.deepEqual([await send(2_000_000), await send(3_000_000), await send(105_000_000)], [200, 400, 413]);
    },
  );

  await context.test('static files: in the best coding, kept for ever where their name holds a hash', async () => {
    const [path = ''] = /\/static\/[^"]*style[^"]*/.exec((await site.visitor().visit(site.url)).text) ?? [];
    const coded = async (accept: string) => {
      const { headers } = await ask(path, { headers: { 'accept-encoding': accept } });
      return [headers['content-encoding'], headers['cache-control'], headers['content-type'], headers['vary']];
    };
    const rest = ['public, max-age=31536000, immutable', 'text/css; charset=utf-8', 'Accept-Encoding'];
    const large = async (accept: string) =>
      (await ask('/static/admin/css/base.css', { headers: { 'accept-encoding': accept } })).headers['content-encoding'];
    assert.deepEqual((await coded('')).slice(1), rest);
    assert.deepEqual([await large('gzip, deflate, br'), await large('gzip'), await large('br;q=0')], ['br', 'gzip', undefined]);
    assert.equal((await ask('/static/admin/')).status, 404);
    assert.equal((await ask('/static/none.css')).status, 404);
  });

  await context.test('uploads are never run, never pages, and no way out of their folder', async () => {
    await site.host.sh(
      `cd /srv/allotment/data/media && echo x | tee a.html a.php a.txt .hidden >a.pdf && ln -s /etc/passwd out.txt && chown -h allotment: ./* .hidden`,
    );
    const of = async (name: string) => {
      const { status, headers } = await ask(`/media/${name}`);
      return [status, headers['content-type'], headers['content-disposition']];
    };
    assert.deepEqual(await of('a.html'), [200, 'application/octet-stream', 'attachment']);
    assert.deepEqual(await of('a.php'), [200, 'application/octet-stream', undefined]);
    assert.deepEqual(await of('a.txt'), [200, 'text/plain; charset=utf-8', undefined]);
    assert.match(String((await ask('/media/a.txt')).headers['content-security-policy']), /sandbox/);
    assert.equal((await of('out.txt'))[0], 403);
    assert.equal((await of('.hidden'))[0], 404);
  });

  await context.test('the log is JSON, without query strings, whatever a client sends', async () => {
    await site.host.sh(
      `curl -sk -o /dev/null -A 'a"b\\\\x é' -e 'https://x.test/y?token=1' --resolve ${site.domain}:443:127.0.0.1 '${site.url}echo/%22?secret=1'`,
    );
    const lines = (await site.host.sh('cat /var/log/apache2/allotment/access.log')).trim().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '');
    assert.deepEqual([last.path, last.agent, last.referer, last.status], ['/echo/%22', 'a', 'https://x.test/y', 200]);
    assert.doesNotMatch(lines.join('\n'), /secret=|token=/);
    for (const line of lines) assert.equal(typeof JSON.parse(line).seconds, 'number');
  });

  await context.test('anonymous pages are kept for a moment, where that is asked for', async () => {
    const id = async (path: string, headers: Record<string, string> = {}) =>
      JSON.parse((await ask(path, { headers })).text).HTTP_X_REQUEST_ID;
    const [one, two, other] = [await id('/echo/kept/a'), await id('/echo/kept/a'), await id('/echo/kept/a?b')];
    assert.equal(one, two);
    assert.notEqual(one, other);
    assert.notEqual(await id('/echo/kept/a', { cookie: 'sessionid=1' }), one);
    assert.notEqual(await id('/echo/a'), await id('/echo/a'));
    const last = (await site.host.sh('grep \'"cache":"cache hit"\' /var/log/apache2/allotment/access.log | tail -1')).trim();
    assert.equal(JSON.parse(last).path, '/echo/kept/a');
    assert.equal((await site.host.sh('systemctl is-active apache-htcacheclean.service')).trim(), 'active');
  });

  await context.test('log-ins are limited, of each client by itself', async () => {
    const attempt = async () => (await ask('/admin/login/', { form: { username: 'a', password: 'b' } })).status;
    const statuses = [];
    for (let time = 0; time < 20; time += 1) statuses.push(await attempt());
    assert.ok(!statuses.slice(0, 11).includes(429), String(statuses));
    assert.ok(statuses.filter((status) => status === 429).length >= 5, String(statuses));
    assert.equal((await ask('/admin/login/')).status, 200);
    const elsewhere = `curl -sk -o /dev/null -w '%{http_code}' --resolve ${site.domain}:443:127.0.0.1 -d username=a ${site.url}admin/login/`;
    assert.equal(await site.host.sh(elsewhere), '403', 'Django itself, which has no token of it');
  });

  await context.test('Apache is confined', async () => {
    const said = await site.host.sh('systemd-analyze security --no-pager apache2.service | tail -1');
    assert.ok(Number(/: ([\d.]+)/.exec(said)?.[1]) <= 1.5, said);
    assert.equal(await site.host.sh('systemctl --failed --plain --no-legend'), '');
  });

  await context.test('a new release and back under load, and no request is lost', async () => {
    const reloads = () => site.host.sh('journalctl -q -u apache2 | grep -c Reloaded');
    const before = await reloads();
    const load = visitorsOf(site);
    const first = (await site.good('status'))['release'];
    appendFileSync(join(site.project, 'plots/views.py'), '\n# another release\n');
    assert.notEqual((await site.good('deploy'))['release'], first);
    assert.equal((await site.good('rollback'))['release'], first);
    const { failures, sent } = await load.stop();
    assert.deepEqual(failures, {}, `of ${sent}`);
    assert.ok(sent > 100);
    assert.equal(await reloads(), before, 'a release does not touch Apache');
  });

  await context.test(
    'beside it, one that speaks websockets: nothing is lost at a switch, and they are told to come again',
    async () => {
      const plain = siteOn(site, plainProject(join(site.folder, 'source/plain')));
      plain.configure({ edge: 'apache' }, { app: 'plain' });
      await plain.good('deploy');
      assert.equal((await site.visitor().visit(site.url)).status, 200);
      const load = startMixed({ url: plain.url, ca: readFileSync(site.pebble.root), address: site.host.address, rate: 40 });
      changePlain(plain.project, 'second');
      await plain.good('deploy');
      await plain.good('rollback');
      const { failures, sent, handedOver } = await load.stop();
      assert.deepEqual(failures, {}, `of ${sent}`);
      assert.ok(handedOver >= 5, `${handedOver} websockets`);
    },
  );

  await context.test('while the app is away there is a page that says so', async () => {
    await site.host.sh('systemctl stop "allotment-web@*.service"');
    const page = await ask('/');
    assert.deepEqual([page.status, page.headers['retry-after'], page.headers['x-frame-options']], [503, '5', 'DENY']);
    assert.match(page.text, new RegExp(`not available right now[^]*${page.headers['x-request-id']}`));
    await site.host.sh(
      'systemctl start "allotment@*.target" || systemctl start $(systemctl list-units --all --plain --no-legend "allotment-web@*" | cut -d" " -f1)',
    );
  });

  await context.test('where TLS ends before Apache, it serves the proxies alone, and believes them alone', async () => {
    site.configure({ edge: 'apache', tls: 'external', trusted_proxies: ['203.0.113.0/24'] });
    await site.good('deploy');
    assert.equal((await site.visitor().ask(`http://${site.domain}/`)).status, 403);
    const from = (headers: string) =>
      site.host.sh(
        `curl -s -w ' %{http_code} %{redirect_url}' --resolve ${site.domain}:80:127.0.0.1 ${headers} http://${site.domain}/echo/x?y=1`,
      );
    assert.match(
      await from("-H 'X-Forwarded-For: 6.6.6.6, 198.51.100.7' -H 'X-Forwarded-Proto: https'"),
      /"REMOTE_ADDR": "198\.51\.100\.7".*"secure": true.* 200 $/,
    );
    const attempts = (client: string) =>
      site.host.sh(
        `for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do curl -s -o /dev/null -w '%{http_code} ' --resolve ${site.domain}:80:127.0.0.1 -H "X-Forwarded-For: ${client}" -H 'X-Forwarded-Proto: https' -d username=a http://${site.domain}/admin/login/; done`,
      );
    for (const client of ['6.6.6.$n, 198.51.100.8', '198.51.100.9'])
      assert.match(await attempts(client), /^(403 ){11}.*429/, 'a limit for each client, of which the last proxy tells');
    assert.match(await from("-H 'X-Forwarded-For: 198.51.100.7'"), / 308 https:\/\/allotment\.test\/echo\/x\?y=1$/);
  });

  await context.test('a certificate of one’s own is served, and its key is the edge’s alone', async () => {
    const authority = await createAuthority(new Date(), [site.domain]);
    const own = await issueCertificate(authority, [site.domain], new Date());
    const at = (name: string) => join(site.lab.folder, name);
    writeFileSync(at('own-ca.pem'), authority.certificate);
    writeFileSync(at('own.pem'), own.certificate);
    writeFileSync(at('own.key'), own.key, { mode: 0o600 });
    site.configure({ edge: 'apache', tls: { certificate: at('own.pem'), key: at('own.key') } });
    await site.good('deploy');
    assert.equal((await new Visitor(at('own-ca.pem'), site.host.address).visit(site.url)).status, 200);
    assert.equal(await site.host.sh('stat -c "%U:%G %a" /srv/allotment/edge/certificate-key.pem'), 'root:www-data 640\n');
  });
});
