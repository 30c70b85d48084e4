import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { labMissing } from '../lab/hosts/missing.js';
import { pebbleMissing } from '../lab/hosts/pebble.js';
import { addEcho } from './echo.js';
import { openProduction, type Production, visitorsOf } from './production.js';

const PROTECT = { '/media/contracts/': { groups: ['editors'], realm: 'Contracts' }, '/echo/members/': {} };
const GENERAL = { web: { server: 'mod_wsgi', workers: 2, protect: PROTECT } };

test('deploy with mod_wsgi', { skip: labMissing() || pebbleMissing(), timeout: 900_000 }, async (context) => {
  let site: Production;
  const ask = (path: string, options: Parameters<ReturnType<Production['visitor']>['ask']>[1] = {}) =>
    site.visitor().ask(new URL(path, site.url).href, options);

  const as = async (path: string, name: string, password = `pass of ${name}`) => {
    const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    return (await ask(path, { headers: name === '' ? {} : { authorization } })).status;
  };

  before(async () => {
    site = await openProduction('allotment');
    addEcho(site.project);
  });
  after(async () => site?.close());

  await context.test('an Apache of each release’s own behind nginx: a new release and back, and no request is lost', async () => {
    site.configure({}, GENERAL);
    assert.equal((await site.good('deploy'))['changed'], true);
    assert.equal((await site.good('deploy'))['changed'], false);
    const load = visitorsOf(site);
    appendFileSync(join(site.project, 'plots/views.py'), '\n# another of mod_wsgi\n');
    await site.good('deploy');
    await site.good('rollback');
    const { failures, sent } = await load.stop();
    assert.deepEqual(failures, {}, `of ${sent}`);
    const told = JSON.parse((await ask('/echo/a%2Fb/%C3%BC')).text);
    assert.deepEqual([told.path, told.REMOTE_ADDR, told.secure], ['/echo/a/b/ü', site.lab.gateway, true]);
    const unit = (await site.host.sh('systemctl list-units --plain --no-legend "allotment-web@*" | cut -d" " -f1')).trim();
    const said = await site.host.sh(`systemd-analyze security --no-pager ${unit} | tail -1`);
    assert.ok(Number(/: ([\d.]+)/.exec(said)?.[1]) <= 1.1, said);
  });

  await context.test('its port on loopback is the edge’s alone, and nobody learns the word that says so', async () => {
    const word = (await site.host.sh('cat /srv/allotment/edge/token')).trim();
    assert.match(word, /^[0-9a-f]{64}$/);
    const port = (
      await site.host.sh('ss -Hltnp src 127.0.0.1 | sed -n \'s/.*127.0.0.1:\\([0-9]*\\) .*"apache2".*/\\1/p\' | head -1')
    ).trim();
    const stranger = (script: string) =>
      site.host.sh(`setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c '${script}' 2>&1 || true`);
    const asked = async (path: string, header = 'X-Real-IP: 6.6.6.6') =>
      stranger(
        `curl -s -o /dev/null -w %{http_code} -H "Host: ${site.domain}" -H "X-Forwarded-Proto: https" -H "${header}" http://127.0.0.1:${port}${path}`,
      );
    const before = await site.host.sh('journalctl -q -t allotment-web | grep -c 6.6.6.6 || true');
    const forged = ['/echo/', '/echo/members/', '/media/contracts/', '/-/health/ready/../../echo/', '/-/health/other'];
    for (const path of forged) assert.equal(await asked(path), '403', path);
    assert.equal(await asked('/echo/', 'X-Slipway-Edge: 1'), '403');
    assert.equal(await asked('/-/health/ready'), '200');
    assert.equal(await asked('/echo/', `X-Slipway-Edge: ${word}`), '200');
    assert.equal(await site.host.sh('journalctl -q -t allotment-web | grep -c 6.6.6.6 || true'), before);
    for (const name of ['token', 'token.nginx', 'token.apache'])
      assert.match(await stranger(`cat /srv/allotment/edge/${name}`), /Permission denied/, name);
    const told = (await ask('/echo/', { headers: { 'x-slipway-edge': 'mine' } })).text;
    assert.doesNotMatch(told, /SLIPWAY_EDGE/);
    const found = await site.host.sh(
      "word=/srv/allotment/edge/token; journalctl -q | grep -cFf $word || true; grep -rlFf $word /etc /srv /opt /var/log /run /tmp 2>/dev/null | sort; cat /proc/*/cmdline | tr '\\0' ' ' | grep -cFf $word || true",
    );
    assert.equal(found, '0\n/srv/allotment/edge/token\n/srv/allotment/edge/token.apache\n/srv/allotment/edge/token.nginx\n0\n');
  });

  await context.test('protected paths ask Django’s own users and groups', async () => {
    const people = `
from django.contrib.auth.models import Group, User
for name in ('editor', 'reader', 'gone'):
    User.objects.create_user(name, password='pass of ' + name, is_active=name != 'gone')
Group.objects.create(name='editors').user_set.add(*User.objects.filter(username__in=['editor', 'gone']))`;
    const made = await site.run(['exec', '--', 'python', 'manage.py', 'shell', '-c', people]);
    assert.equal(made.code, 0, made.stderr);
    await site.host.sh(
      'cd /srv/allotment/data/media && mkdir contracts && echo secret | tee contracts/a.txt >a.txt && chown -R allotment: contracts a.txt',
    );
    const contract = '/media/contracts/a.txt';
    const statuses = await Promise.all([
      ...[
        as(contract, ''),
        as(contract, 'editor'),
        as(contract, 'editor', 'wrong'),
        as(contract, 'reader'),
        as(contract, 'gone'),
      ],
      ...[as('/echo/members/', ''), as('/echo/members/', 'reader'), as('/echo/members/', 'reader', 'wrong')],
    ]);
    assert.deepEqual(statuses, [401, 200, 401, 401, 401, 401, 200, 401]);
    const asked = await ask(contract);
    assert.match(String(asked.headers['www-authenticate']), /Basic realm="Contracts"/);
    assert.equal((await ask('/media/a.txt')).status, 200);
  });

  await context.test(
    'behind Apache as the edge too: what is told and asked is the same, and a release loses nothing',
    async () => {
      await site.host.sh('systemctl disable -q --now nginx.service');
      site.configure({ edge: 'apache' }, GENERAL);
      assert.equal((await site.good('deploy'))['changed'], true);
      assert.equal((await site.good('deploy'))['changed'], false);
      const page = await ask('/echo/a%2Fb/%C3%BC', { headers: { 'x-slipway-edge': 'mine', x_slipway_edge: 'mine' } });
      const told = JSON.parse(page.text);
      assert.deepEqual([told.path, told.REMOTE_ADDR, told.secure], ['/echo/a/b/ü', site.lab.gateway, true]);
      assert.doesNotMatch(page.text, /SLIPWAY_EDGE|mine/);
      assert.equal(page.headers['server'], 'Apache');
      assert.deepEqual(
        await Promise.all([
          as('/media/contracts/a.txt', ''),
          as('/media/contracts/a.txt', 'editor'),
          as('/media/contracts/a.txt', 'reader'),
          as('/echo/members/', 'reader'),
          as('/echo/members/', ''),
        ]),
        [401, 200, 401, 200, 401],
      );
      const bytes = 3_000_000;
      const refused = `head -c ${bytes} /dev/zero | curl -sk -o /dev/null -w '%{http_code}' --resolve ${site.domain}:443:127.0.0.1 --data-binary @- ${site.url}echo/`;
      assert.equal(await site.host.sh(refused), '400', 'what Django refuses before it has read all of it');
      const load = visitorsOf(site);
      appendFileSync(join(site.project, 'plots/views.py'), '\n# another behind Apache\n');
      await site.good('deploy');
      const { failures, sent } = await load.stop();
      assert.deepEqual(failures, {}, `of ${sent}`);
    },
  );
});
