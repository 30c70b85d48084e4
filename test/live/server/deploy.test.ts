import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Visitor } from '../../support/browserless.js';
import { startLoad } from '../../support/open-loop.js';
import { type Ran, ROOT, type RunOptions, slipway } from '../../support/slipway.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { openPebble, type Pebble, pebbleMissing } from '../lab/hosts/pebble.js';
import { until } from '../lab/sandbox.js';
import { askHttp3, overHttp2 } from './http3.js';

const DOMAIN = 'allotment.test';
const URL = `https://${DOMAIN}/`;

const WAIT_SECONDS = 30;

/** When a deployment says that the authority may be asked again. */
function askAgain({ result, stdout }: Ran): string {
  const time = /left alone until (\S+) (\S+) UTC/.exec(JSON.stringify(result['warnings']));
  assert.ok(time !== null, stdout);
  return `${time[1]}T${time[2]}Z`;
}

function certificatesOf({ certificates }: Ran['result']): string[] {
  assert.ok(Array.isArray(certificates));
  return certificates.map(({ kind, days }) => (days > 0 ? String(kind) : `expired ${kind}`));
}

/** A bare Debian to HTTPS with a certificate of a real authority, and what comes after, each part on what the one before has left. */
test('deploy to a bare server', { skip: labMissing() || pebbleMissing(), timeout: 900_000 }, async (context) => {
  let lab: Lab;
  let pebble: Pebble;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-deploy-'));
  const project = join(folder, 'allotment');
  const run = (args: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> =>
    slipway([...args, '-e', 'production', '-C', project, '--json'], { home: join(folder, 'home'), ...options });
  const good = async (...args: string[]): Promise<Ran['result']> => {
    const ran = await run(args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.result;
  };
  const host = () => lab.hosts[0] ?? assert.fail('the lab has no host');
  const visitor = () => new Visitor(pebble.root, host().address);

  before(async () => {
    lab = await openLab({ hosts: 1 });
    // Certbot itself asks once more; whole runs must fail, too.
    pebble = await openPebble(lab, { refusedNonces: 25 });
    cpSync(join(ROOT, 'examples/allotment'), project, { recursive: true });
    writeFileSync(
      join(project, 'slipway.yml'),
      JSON.stringify({
        environments: {
          production: {
            target: 'server',
            hosts: ['root@h1'],
            ssh_config: lab.sshConfig,
            domains: [DOMAIN],
            tls: { acme: pebble.directory, email: 'ops@allotment.test', ca: pebble.ca },
          },
        },
      }),
    );
  });
  after(async () => {
    await pebble?.close();
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  await context.test('plan shows what would change, and touches nothing', async () => {
    const { steps, release } = await good('plan');
    assert.equal(release, null);
    assert.ok(Array.isArray(steps));
    const kinds = Object.fromEntries(steps.map(({ id, change }) => [id, change.kind]));
    for (const id of ['base.user.slipway', 'edge.held', 'edge.packages'])
      assert.equal(kinds[id], 'change', `${id}: ${JSON.stringify(steps)}`);
    assert.equal(await host().sh('ls /srv /opt; getent passwd slipway allotment || true'), '/opt:\n\n/srv:\n');
  });

  let first = '';
  await context.test('one command ends with a page over verified HTTPS', async () => {
    const result = await good('deploy');
    assert.deepEqual([result['url'], result['changed']], [URL, true]);
    assert.deepEqual(result['warnings'], []);
    first = String(result['release']);
    const page = await visitor().visit(URL);
    assert.equal(page.status, 200);
    assert.match(page.text, /Mill Lane|allotment/i);
    const plain = await visitor().ask(`http://${DOMAIN}/`);
    assert.deepEqual([plain.status, plain.headers.location], [308, URL]);
  });

  await context.test('nonces that the authority refuses keep nobody from a certificate', () => {
    assert.ok(pebble.proxy.refusedNonces() > 0);
  });

  await context.test('over QUIC it answers too, and says so to whoever comes by HTTP/2', async () => {
    // Of this machine's own firewall: a packet to a port that is not open comes to nothing.
    const rules = await host().sh('nft list table inet slipway');
    assert.match(rules, /policy drop/);
    assert.match(rules, /udp dport 443 accept/);
    const answer = await askHttp3({ address: host().address, domain: DOMAIN, path: '/', ca: pebble.root });
    assert.equal(answer.status, 200);
    assert.match(answer.body, /Mill Lane|allotment/i);
    // It is written when the connection has ended.
    let logged = '';
    await until(
      'the log has it',
      async () => {
        logged = await host().sh('grep HTTP/3.0 /var/log/nginx/allotment/access.log | tail -n 1');
        return logged !== '';
      },
      60,
    );
    assert.deepEqual([JSON.parse(logged).path, JSON.parse(logged).status], ['/', 200]);
    const offered = await overHttp2(host().address, DOMAIN, readFileSync(pebble.root));
    assert.equal(offered, 'h3=":443"; ma=86400');
    await host().sh(
      'nft -a list chain inet slipway input >/tmp/rules; nft delete rule inet slipway input handle $(sed -n "s/.*udp dport 443 accept # handle //p" /tmp/rules)',
    );
    await assert.rejects(askHttp3({ address: host().address, domain: DOMAIN, path: '/', ca: pebble.root }));
    await host().sh('systemctl restart slipway-firewall');
  });

  await context.test('again, nothing is changed, and the plan says so', async () => {
    assert.equal((await good('deploy'))['changed'], false);
    const { steps } = await good('plan');
    assert.ok(Array.isArray(steps));
    assert.deepEqual(
      steps.filter(({ change }) => change.kind !== 'same'),
      [],
    );
  });

  await context.test('the processes are confined, and what serves the code cannot write it', async () => {
    const web = await host().sh('systemctl list-units --plain --no-legend "allotment-web@*" | cut -d" " -f1');
    const score = async (unit: string) =>
      Number(
        /exposure level for \S+: ([\d.]+)/.exec(await host().sh(`systemd-analyze security --no-pager ${unit} | tail -1`))?.[1],
      );
    assert.ok((await score(web.trim())) <= 1.1);
    assert.ok((await score('nginx.service')) <= 1.5);
    const written = await host().sh(
      'setpriv --reuid=allotment --regid=allotment --clear-groups find /srv/allotment/releases /opt/slipway -writable ! -type l | head -3',
    );
    assert.equal(written, '');
  });

  await context.test('a changed project under load: a new release, and no request is lost', async () => {
    const load = startLoad({ url: URL, ca: readFileSync(pebble.root), rate: 20, address: host().address, contains: 'html' });
    appendFileSync(join(project, 'plots/views.py'), '\n# another release\n');
    const result = await good('deploy');
    assert.notEqual(result['release'], first);
    const back = await good('rollback');
    assert.equal(back['release'], first);
    const { failures, sent } = await load.stop();
    assert.deepEqual(failures, {}, `of ${sent}`);
    assert.equal((await visitor().visit(URL)).status, 200);
  });

  await context.test('code that does not start is not switched to', async () => {
    appendFileSync(join(project, 'plots/views.py'), '\nraise RuntimeError("broken on purpose")\n');
    const ran = await run(['deploy']);
    assert.equal(ran.code, 4, ran.stdout);
    assert.match(ran.stdout, /broken on purpose/);
    assert.equal((await visitor().visit(URL)).status, 200);
    assert.equal((await good('status'))['release'], first);
  });

  await context.test('beside it, an app with PostgreSQL, Redis, workers and a front end', async () => {
    const bakery = join(folder, 'bakery');
    cpSync(join(ROOT, 'examples/bakery-orders'), bakery, { recursive: true });
    const config = readFileSync(join(project, 'slipway.yml'), 'utf8').replaceAll(DOMAIN, 'bakery.test');
    writeFileSync(join(bakery, 'slipway.yml'), config);
    const at = (...args: string[]) =>
      slipway([...args, '-e', 'production', '-C', bakery, '--json'], { home: join(folder, 'home') });
    // The authority has had enough of the account, for a while that it names.
    pebble.proxy.limit(1, String(WAIT_SECONDS));
    const limited = await at('deploy');
    assert.equal(limited.code, 0, `${limited.stdout}${limited.stderr}`);
    const told = new Date(askAgain(limited));
    assert.ok(told.getTime() > Date.now() && told.getTime() < Date.now() + WAIT_SECONDS * 1000, told.toISOString());
    await assert.rejects(visitor().visit('https://bakery.test/'), /certificate/);
    const asked = pebble.proxy.orders();
    const again = await at('deploy');
    assert.deepEqual([again.code, again.result['changed'], askAgain(again)], [0, false, askAgain(limited)]);
    assert.equal(pebble.proxy.orders(), asked, 'it is left alone');
    assert.deepEqual(certificatesOf((await at('status')).result), ['temporary']);
    assert.deepEqual(certificatesOf(await good('status')), ['acme']);
    await setTimeout(Math.max(0, told.getTime() - Date.now()) + 1000);
    const ran = await at('deploy');
    assert.equal(ran.code, 0, `${ran.stdout}${ran.stderr}`);
    assert.deepEqual([ran.result['changed'], ran.result['warnings']], [true, []]);
    assert.equal(ran.result['release'], limited.result['release'], 'no other release is made for it');
    assert.equal((await visitor().visit('https://bakery.test/')).status, 200);
    assert.equal((await visitor().visit(URL)).status, 200);
    const { processes, services } = (await at('status')).result;
    assert.ok(Array.isArray(processes) && Array.isArray(services));
    assert.deepEqual(processes.map(({ name, state }) => `${name} ${state}`).sort(), [
      'beat running',
      'web running',
      'worker running',
    ]);
    assert.deepEqual(
      services.map(({ kind, state }) => `${kind} ${state}`),
      ['postgresql running', 'redis running', 'nginx running'],
    );
    assert.equal((await at('deploy')).result['changed'], false);
  });

  await context.test('status, releases and logs tell of it', async () => {
    const { processes } = await good('status');
    assert.ok(Array.isArray(processes) && processes.some(({ name, state }) => name === 'web' && state === 'running'));
    const { releases } = await good('releases');
    assert.ok(Array.isArray(releases) && releases.length >= 2);
    const logs = await run(['logs', 'web', '-n', '200']);
    assert.equal(logs.code, 0, logs.stderr);
    assert.match(logs.stdout, /"type":"log"/);
  });
});
