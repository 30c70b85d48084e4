import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Visitor } from '../../support/browserless.js';
import { type Ran, slipway } from '../../support/slipway.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { openPebble, type Pebble, pebbleMissing } from '../lab/hosts/pebble.js';
import { run as runHere } from '../lab/hosts/run.js';
import { until } from '../lab/sandbox.js';
import { brokenOn, writeFleetProject } from './fleet-project.js';

const DOMAIN = 'relay.test';

interface Answer {
  readonly host: string;
  readonly release: string;
  readonly environment: string;
  readonly ticks: number;
  readonly worker: string | null;
}

/** Web and scheduler, web and worker, database: one after the other, each part on what the one before has left. */
test('an environment of three hosts', { skip: labMissing() || pebbleMissing(), timeout: 1_200_000 }, async (context) => {
  let lab: Lab;
  let pebble: Pebble;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-fleet-'));
  const project = join(folder, 'relay');
  const at = (name: string): LabHost => lab.hosts.find(({ place }) => place.name === name) ?? assert.fail(`no host ${name}`);
  const run = (environment: string, ...args: string[]): Promise<Ran> => {
    const [command = '', ...rest] = args;
    return slipway([command, '-e', environment, '-C', project, '--json', ...rest], { home: join(folder, 'home') });
  };
  const good = async (environment: string, ...args: string[]): Promise<Ran['result']> => {
    const ran = await run(environment, ...args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.result;
  };
  const ask = async (name: string, domain = DOMAIN): Promise<Answer> => {
    const root = domain === DOMAIN ? pebble.root : join(folder, 'cert.pem');
    const page = await new Visitor(root, at(name).place.address).visit(`https://${domain}/`);
    assert.equal(page.status, 200, page.text);
    return JSON.parse(page.text);
  };
  /** `h1 relay-beat@RELEASE.service` of each scheduler that runs. */
  const beats = async (): Promise<string[]> => {
    const units = await Promise.all(
      ['h1', 'h2'].map(async (name) => {
        const told = await at(name).sh('systemctl list-units --plain --no-legend --state=active "relay-beat@*"');
        return (told.match(/relay-beat@[^ ]+/g) ?? []).map((unit) => `${name} ${unit}`);
      }),
    );
    return units.flat();
  };
  /** With other hosts for production, until they are changed again. */
  const onHosts = (hosts: readonly object[]) => {
    const file = join(project, 'slipway.yml');
    const { environments } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ environments: { ...environments, production: { ...environments.production, hosts } } }));
  };
  const change = (text: string) => appendFileSync(join(project, 'relay/urls.py'), text);

  before(async () => {
    lab = await openLab({ hosts: 3 });
    pebble = await openPebble(lab);
    mkdirSync(project);
    writeFleetProject(project);
    const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await runHere(
      ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=staging.${DOMAIN}`, '-addext', `subjectAltName=DNS:staging.${DOMAIN}`],
      ...['-keyout', key, '-out', certificate],
    );
    const common = { target: 'server', ssh_config: lab.sshConfig };
    const acme = { acme: pebble.directory, email: `ops@${DOMAIN}`, ca: pebble.ca };
    const hosts = [
      { address: 'root@h1', roles: ['web', 'beat'] },
      { address: 'root@h2', roles: ['web', 'worker'] },
      { address: 'root@h3', roles: ['database'] },
    ];
    const environments = {
      staging: { ...common, hosts: ['root@h3'], domains: [`staging.${DOMAIN}`], tls: { certificate, key } },
      production: { ...common, hosts, domains: [DOMAIN], tls: acme },
    };
    writeFileSync(join(project, 'slipway.yml'), JSON.stringify({ environments }));
  });
  after(async () => {
    await pebble?.close();
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  await context.test('the plan is of all of them, and touches none', async () => {
    const { hosts, steps, warnings } = await good('production', 'plan');
    assert.match(
      JSON.stringify(warnings),
      /"uploads-apart".*would lie in a folder of each of 2 web hosts.*\/srv\/relay\/data\/media/,
    );
    assert.deepEqual(hosts, ['root@h1', 'root@h2', 'root@h3']);
    assert.ok(Array.isArray(steps));
    const listens = steps.find(({ id }) => id === 'postgresql.network');
    assert.equal(listens?.host, 'root@h3');
    assert.match(listens?.change.diff, new RegExp(`listen_addresses = 'localhost, ${at('h3').place.address}'`));
    for (const name of ['h1', 'h2', 'h3'])
      assert.equal(await at(name).sh('ls /srv /opt; getent passwd slipway || true'), '/opt:\n\n/srv:\n');
  });

  await context.test('that uploads will be on one host or the other is asked about before the database is touched', async () => {
    const ran = await run('production', 'deploy');
    assert.equal(ran.code, 3, ran.stdout);
    assert.match(
      JSON.stringify(ran.result['error']),
      /"UPLOADS_APART".*a folder of each of 2 web hosts.*\/srv\/relay\/data\/media/,
    );
    assert.equal(
      await at('h3').sh(`runuser -u postgres -- psql -Atc "SELECT datname FROM pg_database WHERE datname = 'relay'"`),
      '',
    );
  });

  let first = '';
  await context.test('one command takes it live on both, with the database behind them', async () => {
    const result = await good('production', 'deploy', '--yes');
    first = String(result['release']);
    assert.ok(Array.isArray(result['hosts']));
    assert.deepEqual(
      result['hosts'].map(({ host, release }) => [host, release]),
      [
        ['root@h1', first],
        ['root@h2', first],
      ],
    );
    // The name leads to the first: what the authority asks of the second's certificate, the first has from it.
    assert.ok(Array.isArray(result['warnings']));
    assert.deepEqual(
      result['warnings'].map(({ code }) => code),
      ['uploads-on-each-host'],
    );
    for (const name of ['h1', 'h2']) {
      const { host, release } = await ask(name);
      assert.deepEqual([host, release], [name, first]);
    }
    // The scheduler of the one, by the third's Redis, has the other's worker write rows into the third's database.
    await until('a row of the worker', async () => (await ask('h1')).worker === 'h2');
    assert.equal((await good('production', 'deploy'))['changed'], false);
    const { steps } = await good('production', 'plan');
    assert.ok(Array.isArray(steps));
    assert.deepEqual(
      steps.filter(({ change }) => change.kind !== 'same'),
      [],
    );
  });

  await context.test('the database takes the hosts of the app alone, and them by TLS', async () => {
    const ssl = await at('h3').sh(
      `runuser -u postgres -- psql -Atc "select distinct ssl, client_addr from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'relay' order by 2"`,
    );
    assert.deepEqual(
      ssl.trim().split('\n'),
      ['h1', 'h2'].map((name) => `t|${at(name).place.address}`),
    );
    const heard = await at('h3').sh('ss -Hltn | awk \'{print $4}\' | grep -E ":(5432|6390)$" | sort');
    const own = at('h3').place.address;
    assert.deepEqual(
      heard.trim().split('\n'),
      ['127.0.0.1:5432', '127.0.0.1:6390', `${own}:5432`, `${own}:6390`, '[::1]:5432'].sort(),
    );
    const plain = `import os, psycopg, urllib.parse as u
try: psycopg.connect(os.environ['DATABASE_URL'], sslmode='disable')
except psycopg.OperationalError as error: print(error)`;
    const ran = await run('production', 'exec', '--host', 'h2', '--', 'python', '-c', plain);
    assert.match(ran.stdout + ran.stderr, /no pg_hba.conf entry for host .*no encryption/);
  });

  await context.test('what fails on the second host goes back on the first', async () => {
    const urls = readFileSync(join(project, 'relay/urls.py'), 'utf8');
    change(brokenOn('h2'));
    const ran = await run('production', 'deploy');
    assert.equal(ran.code, 4, ran.stdout);
    const { error } = ran.result;
    assert.ok(typeof error === 'object' && error !== null && 'code' in error && 'detail' in error);
    assert.equal(error.code, 'VERIFY_FAILED');
    assert.match(String(error.detail), new RegExp(`root@h1 +release ${first}\\n +root@h2 +release ${first}`));
    assert.match(ran.stdout, new RegExp(`went back to release ${first} on root@h1`));
    for (const name of ['h1', 'h2']) assert.equal((await ask(name)).release, first);
    assert.deepEqual(await beats(), [`h1 relay-beat@${first}.service`]);
    writeFileSync(join(project, 'relay/urls.py'), urls);
  });

  await context.test('a release after it, and back again; one scheduler all the time', async () => {
    change('\n# another release\n');
    const environments = await at('h2').sh('ls /opt/slipway/environments');
    const settings = readFileSync(join(project, 'slipway.yml'), 'utf8');
    const { environments: known } = JSON.parse(settings);
    const production = { ...known.production, rollout: { batch: 2 } };
    writeFileSync(join(project, 'slipway.yml'), JSON.stringify({ environments: { ...known, production } }));
    const ran = await run('production', 'deploy');
    assert.equal(ran.code, 0, `${ran.stdout}${ran.stderr}`);
    const second = String(ran.result['release']);
    const events = ran.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const place = (type: string, step: RegExp, host: string): number =>
      events.findIndex((event) => event.type === type && event.host === host && step.test(String(event.step)));
    assert.ok(place('done', /^switch\.live$/, 'root@h2') < place('started', /^verify\./, 'root@h1'), 'both at a time');
    writeFileSync(join(project, 'slipway.yml'), settings);
    for (const name of ['h1', 'h2']) assert.equal((await ask(name)).release, second);
    assert.deepEqual(await beats(), [`h1 relay-beat@${second}.service`]);
    assert.equal(await at('h2').sh('ls /opt/slipway/environments'), environments);
    await good('production', 'rollback');
    for (const name of ['h1', 'h2']) assert.equal((await ask(name)).release, first);
    assert.deepEqual(await beats(), [`h1 relay-beat@${first}.service`]);
  });

  const database = { address: 'root@h3', roles: ['database'] };

  await context.test('a scheduler that would move stays where it was when the release does not hold', async () => {
    const urls = readFileSync(join(project, 'relay/urls.py'), 'utf8');
    // The new host switches first: the scheduler has ended on the old one, which is not touched otherwise.
    onHosts([{ address: 'root@h2', roles: ['web', 'worker', 'beat'] }, { address: 'root@h1', roles: ['web'] }, database]);
    change(brokenOn('h2'));
    const ran = await run('production', 'deploy');
    assert.equal(ran.code, 4, ran.stdout);
    for (const name of ['h1', 'h2']) assert.equal((await ask(name)).release, first);
    assert.deepEqual(await beats(), [`h1 relay-beat@${first}.service`]);
    writeFileSync(join(project, 'relay/urls.py'), urls);
  });

  await context.test('it moves with the next one that does: never two at a time, and its jobs go on', async () => {
    onHosts([{ address: 'root@h1', roles: ['web'] }, { address: 'root@h2', roles: ['web', 'worker', 'beat'] }, database]);
    change('\n# the scheduler moves\n');
    let isDone = false;
    const seen: string[][] = [];
    const watching = (async () => {
      while (!isDone) seen.push(await beats());
    })();
    const release = String((await good('production', 'deploy').finally(() => (isDone = true)))['release']);
    await watching;
    assert.deepEqual(
      seen.filter((running) => running.length > 1),
      [],
    );
    assert.deepEqual(
      [...new Set([...seen.flat(), ...(await beats())])],
      [`h1 relay-beat@${first}.service`, `h2 relay-beat@${release}.service`],
    );
    const { ticks } = await ask('h1');
    await until('another row', async () => (await ask('h1')).ticks > ticks);
    assert.equal((await good('production', 'deploy'))['changed'], false);
    first = release;
  });

  await context.test('who is at work on one of them keeps others from all', async () => {
    const holder = JSON.stringify({ who: 'ada@desk', command: 'deploy', since: '2026-11-21T10:00:00Z' });
    await at('h2').sh(
      `systemd-run -q --unit=holder flock /run/lock/slipway-relay sleep 60; echo '${holder}' > /run/lock/slipway-relay.holder`,
    );
    const ran = await run('production', 'rollback');
    await at('h2').sh('systemctl stop holder');
    assert.equal(ran.code, 8, ran.stdout);
    assert.match(ran.stdout, /`slipway deploy` of ada@desk is at work on relay at root@h2 since 2026-11-21T10:00:00Z/);
  });

  await context.test('status, logs and checks are of every host', async () => {
    const { processes, services, hosts } = await good('production', 'status');
    assert.ok(Array.isArray(processes) && Array.isArray(services));
    // What was gone back from may still be finishing its work.
    const own = processes.filter(({ name }) => name !== 'drain');
    assert.deepEqual(own.map(({ host, name, state }) => `${host} ${name} ${state}`).sort(), [
      'root@h1 web running',
      'root@h2 beat running',
      'root@h2 web running',
      'root@h2 worker running',
    ]);
    assert.deepEqual(
      services.map(({ kind, address, state }) => `${kind} ${address} ${state}`),
      ['postgresql root@h3 running', 'redis root@h3 running', 'nginx root@h1 running', 'nginx root@h2 running'],
    );
    assert.deepEqual(hosts, [
      { host: 'root@h1', release: first },
      { host: 'root@h2', release: first },
    ]);
    const lines = (await run('production', 'logs', '-n', '200')).stdout
      .split('\n')
      .filter((line) => line.includes('"type":"log"'));
    const told = lines.map((line): { host: string; time: string } => JSON.parse(line));
    assert.deepEqual([...new Set(told.map(({ host }) => host))].sort(), ['root@h1', 'root@h2']);
    assert.deepEqual(
      told.map(({ time }) => time),
      told.map(({ time }) => time).sort(),
    );
  });

  await context.test('what ran on staging is promoted, and not built again', async () => {
    change('\n# for staging\n');
    const staged = String((await good('staging', 'deploy'))['release']);
    assert.deepEqual((await ask('h3', `staging.${DOMAIN}`)).release, staged);
    // What is promoted is what ran there, whatever the tree holds by now.
    change('\nraise RuntimeError("not to be deployed")\n');
    const made = (environment: string) => at(environment === 'staging' ? 'h3' : 'h2').sh('ls /opt/slipway/environments');
    const before = await made('production');
    const result = await good('production', 'deploy', '--release', staged);
    assert.equal(result['release'], staged);
    for (const name of ['h1', 'h2']) {
      const answer = await ask(name);
      assert.deepEqual([answer.release, answer.environment], [staged, 'production']);
      assert.ok(answer.ticks > 0, "production's own rows");
    }
    for (const key of (await made('production')).trim().split('\n'))
      assert.ok(`${before}${await made('staging')}`.includes(key), `${key} was made anew`);
    assert.equal((await good('production', 'deploy', '--release', staged))['changed'], false);
    assert.equal((await run('production', 'deploy', '--release', '20200101-000000-abcdef0')).code, 2);
  });

  await context.test('a host that is away stops a deployment before it begins, and status says which', async () => {
    const { release } = await ask('h1');
    await at('h2').cut();
    const ran = await run('production', 'rollback');
    assert.equal(ran.code, 6, ran.stdout);
    assert.match(ran.stdout, /root@h2/);
    assert.equal((await ask('h1')).release, release);
    const { hosts } = await good('production', 'status');
    assert.ok(Array.isArray(hosts));
    assert.deepEqual(
      hosts.map(({ host, release, problem }) => [host, release, typeof problem]),
      [
        ['root@h1', release, 'undefined'],
        ['root@h2', null, 'string'],
      ],
    );
  });

  await context.test('it comes back with its release by itself; taken away, nothing of it is left on any', async () => {
    const { release } = await ask('h1');
    await at('h2').start();
    await until('the second to serve again', async () => (await ask('h2').catch(() => undefined))?.release === release);
    await good('production', 'remove', '--delete-data', '--yes');
    for (const name of ['h1', 'h2', 'h3'])
      assert.equal(
        await at(name).sh(
          'ls -d /srv/relay /etc/systemd/system/relay-[!s]* /etc/slipway/*relay[-.]* 2>/dev/null | grep -v staging || true',
        ),
        '',
      );
    assert.doesNotMatch(await at('h3').sh('cat /etc/postgresql/*/main/pg_hba.conf'), /slipway relay$/m);
    assert.equal((await ask('h3', `staging.${DOMAIN}`)).environment, 'staging');
  });
});
