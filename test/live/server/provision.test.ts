import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Failure } from '../../../src/core/failure.js';
import type { Step } from '../../../src/core/plan.js';
import { hardeningSteps, letInAgain } from '../../../src/targets/server/hardening.js';
import { mariadbSteps } from '../../../src/targets/server/mariadb.js';
import { postgresSteps } from '../../../src/targets/server/postgresql.js';
import { redisSteps } from '../../../src/targets/server/redis.js';
import { execLine, lineValue, listWord } from '../../../src/templates/systemd-quote.js';
import { unitFile } from '../../../src/templates/systemd-unit.js';
import type { Lab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { tryRun } from '../lab/hosts/run.js';
import { pipEnvironment } from '../lab/pip-environment.js';
import { type ServerApp, withServerApp } from '../lab/server-app.js';

const skip = labMissing();
let lab: Lab;
let app: ServerApp;

withServerApp(skip, (server) => {
  ({ lab, app } = server);
});

/** Done, and the second time nothing is left to do. */
async function applied(steps: readonly Step[]): Promise<void> {
  await app.apply(steps);
  assert.deepEqual(await app.changes(steps), []);
}

const PASSWORD = 'x9Xs8aQpLmNb7342';

test('PostgreSQL that is there already, with other data, is left as it is; what conflicts is named', {
  skip,
  timeout: 300_000,
}, async () => {
  const psql = (sql: string, database = 'postgres') =>
    app.lab.sh(`cd /; setpriv --reuid=postgres --regid=postgres --init-groups psql -XAtq -d ${database} -c "${sql}"`);
  const install = 'DEBIAN_FRONTEND=noninteractive apt-get -yqq install --no-install-recommends postgresql-17 >/dev/null 2>&1';
  await app.lab.sh(install, { timeoutMs: 200_000 });
  await psql('CREATE DATABASE ledger');
  await psql('CREATE TABLE book (page int); INSERT INTO book VALUES (42)', 'ledger');
  await psql('CREATE ROLE alice');
  await psql('CREATE DATABASE taken OWNER alice');
  const began = await psql('SELECT pg_postmaster_start_time()');
  const wish = { major: 17, memory: 2 ** 30, role: 'tiny', password: { secret: 'db.password' } };
  await applied(postgresSteps({ ...wish, databases: [{ name: 'tiny', extensions: [] }] }, app.at));
  assert.equal(await psql('SELECT page FROM book', 'ledger'), '42\n');
  assert.equal(await psql('SELECT pg_postmaster_start_time()'), began);
  assert.equal(
    await app.lab.sh('ls -d /etc/postgresql/17/main/conf.d/slipway.conf /etc/slipway/postgresql 2>/dev/null || true'),
    '',
  );
  const conflict = (steps: Parameters<typeof postgresSteps>[0]) =>
    app.apply(postgresSteps(steps, app.at)).then(
      () => assert.fail('nothing was said'),
      (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, 'POSTGRES_TAKEN');
        return error.detail ?? '';
      },
    );
  assert.match(
    await conflict({ ...wish, databases: [{ name: 'taken', extensions: [] }] }),
    /the database taken belongs to the role alice/,
  );
  assert.match(
    await conflict({ ...wish, role: 'alice', databases: [{ name: 'taken', extensions: [] }] }),
    /the role alice is not of Slipway's making/,
  );
  await app.lab.sh(
    'pg_dropcluster --stop 17 main; DEBIAN_FRONTEND=noninteractive apt-get -yqq purge "postgresql*" >/dev/null 2>&1; rm -rf /var/lib/postgresql /etc/postgresql',
    {
      timeoutMs: 100_000,
    },
  );
});

test('PostgreSQL: the app’s user has its database by who it is; others have not', { skip, timeout: 300_000 }, async () => {
  const databases = [
    { name: 'tiny', extensions: ['pg_trgm'] },
    { name: 'tiny "2"', extensions: [] },
  ];
  await applied(
    postgresSteps({ major: 17, memory: 2 ** 30, role: 'tiny', password: { secret: 'db.password' }, databases }, app.at),
  );
  const as = async (user: string, sql: string, database = 'tiny') =>
    app.host.exec({ argv: ['psql', '-XAtc', sql, '-d', database], user, cwd: '/' });
  assert.equal((await as('tiny', "CREATE TABLE x (a int); SELECT similarity('a', 'b')")).code, 0);
  assert.equal((await as('tiny', 'CREATE TABLE y (a int)', 'tiny "2"')).code, 0);
  assert.notEqual((await as('nobody', 'SELECT 1')).code, 0);
  assert.notEqual((await as('slipway', 'SELECT 1')).code, 0);
  assert.equal(
    (
      await app.host.exec({
        argv: ['psql', '-XAtc', 'SHOW shared_buffers', '-h', '127.0.0.1', '-U', 'tiny', 'tiny'],
        env: { PGPASSWORD: { secret: 'db.password' } },
        user: 'nobody',
        cwd: '/',
      })
    ).stdout,
    '64MB\n',
  );
});

test('Redis: an instance of the app’s own that asks for its password', { skip, timeout: 300_000 }, async () => {
  const sha256 = createHash('sha256').update(PASSWORD).digest('hex');
  const wish = { product: 'redis', version: '8.0', key: 'tiny', port: 6390, use: 'both', memory: 2 ** 30 } as const;
  await applied(redisSteps({ ...wish, password: { value: PASSWORD, sha256 } }, app.at));
  const cli = (...words: string[]) => app.lab.exec(['redis-cli', '-p', '6390', ...words]);
  assert.match((await cli('GET', 'a')).stdout, /NOAUTH/);
  assert.match((await cli('-a', PASSWORD, '--no-auth-warning', 'SET', 'a', 'b')).stdout, /OK/);
  assert.notEqual((await app.lab.exec(['redis-cli', '-p', '6379', 'PING'])).code, 0);
  // A changed configuration is taken up, and what was written is still there.
  await applied(redisSteps({ ...wish, memory: 2 ** 31, password: { value: PASSWORD, sha256 } }, app.at));
  assert.match((await cli('-a', PASSWORD, '--no-auth-warning', 'GET', 'a')).stdout, /b/);
  const score = await app.lab.sh('systemd-analyze security --no-pager redis-server@tiny.service | tail -1');
  assert.ok(Number(/: (\d+\.\d)/.exec(score)?.[1]) <= 1.5, score);
});

test('MariaDB: a role and databases, by use', { skip, timeout: 300_000 }, async () => {
  await applied(mariadbSteps({ version: '11.8', role: 'tiny', password: PASSWORD, databases: ['tiny', 'tiny_2'] }, app.at));
});

test('a machine in the open: firewall, updates, SSH, journal; whoever is in stays in', { skip, timeout: 300_000 }, async () => {
  const sshVersion = [10, 0] as const;
  const wish = {
    firewall: true,
    updates: true,
    ssh: true,
    time: true,
    logs: true,
    swap: true,
    sshPorts: [22],
    key: 'shop',
    openings: [{ port: 5432, from: ['10.78.0.0/16', 'fd00::/8'] }],
    sshVersion,
    keyLogin: true,
    offered: ['mlkem768x25519-sha256'],
    memory: 4 * 2 ** 30,
  };
  await applied(hardeningSteps(wish, app.at));
  // A new login, through the firewall and by what sshd now takes.
  const { code, stdout, stderr } = await tryRun(['ssh', '-F', lab.sshConfig, 'h1', 'echo in'], {});
  assert.equal(stdout, 'in\n', `${code} ${stderr}`);
  const effective = await app.lab.sh('mkdir -p /run/sshd; sshd -T');
  assert.match(effective, /^passwordauthentication no$/m);
  assert.match(effective, /^kexalgorithms mlkem768x25519-sha256,/m);
  await assert.rejects(app.apply(hardeningSteps({ ...wish, ssh: false, sshPorts: [2222] }, app.at)), {
    code: 'FIREWALL_REFUSED',
  });
  const audit = await pipEnvironment(['ssh-audit==3.9.0']);
  const found = await tryRun([`${audit}/python`, '-m', 'ssh_audit', '--no-colors', lab.hosts[0]?.address ?? ''], {});
  assert.match(found.stdout, /\(kex\) mlkem768x25519-sha256/);
  assert.doesNotMatch(found.stdout, /\[(fail|warn)\]/);
  const rules = await app.lab.sh('nft list table inet slipway');
  assert.match(rules, /tcp dport 22 accept\s+tcp dport \{ 80, 443 \} accept/);
  assert.match(rules, /ip saddr 10\.78\.0\.0\/16 tcp dport 5432 accept/);
});

test('whoever would be locked out is let in again', { skip, timeout: 120_000 }, async () => {
  await app.lab.sh('systemctl is-active slipway-firewall && test -e /etc/ssh/sshd_config.d/00-slipway.conf');
  const old = await tryRun(['ssh', '-F', lab.sshConfig, '-o', 'KexAlgorithms=curve25519-sha256', 'h1', 'echo in'], {});
  assert.notEqual(old.code, 0);
  await app.host.exec(letInAgain());
  const again = await tryRun(['ssh', '-F', lab.sshConfig, '-o', 'KexAlgorithms=curve25519-sha256', 'h1', 'echo in'], {});
  assert.equal(again.stdout, 'in\n', again.stderr);
  assert.equal(await app.lab.sh('nft list tables'), '');
});

const random = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return seed / 0x7fffffff;
};

const PIECES = [
  '%',
  '%h',
  '$',
  '$' + '{HOME}',
  '\\',
  '"',
  "'",
  ' ',
  '\t',
  ';',
  '#',
  '\n',
  '\r',
  '\u007f',
  '\u0085',
  'é',
  '€',
  '😀',
  '{}',
  '`',
  '-',
  '@',
  '!',
  '~',
  '\\x41',
  '\u2028',
  '\u202e',
  'a',
  'Z',
  '0',
  '/',
  ':',
  '=',
];

function text(next: () => number, pieces: readonly string[]): string {
  return Array.from({ length: Math.floor(next() * 8) }, () => pieces[Math.floor(next() * pieces.length)] ?? '').join('');
}

test('whatever the words are, systemd hands them over as they were', { skip, timeout: 300_000 }, async () => {
  const next = random(7);
  for (let round = 0; round < 5; round++) {
    const words = Array.from({ length: 2000 }, () => text(next, PIECES));
    const plain = PIECES.filter((piece) => !/\p{Cc}/u.test(piece));
    const variables = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`V${index}`, text(next, plain)]));
    const described = Array.from({ length: 50 }, () => text(next, plain)).map((value) => `x${value}x`);
    const program = 'import json,os,sys; json.dump([sys.argv[1:], dict(os.environ)], open("/tmp/words.json", "w"))';
    const unit = unitFile({
      unit: described.slice(0, 1).map((value) => ['Description', lineValue(value)] as const),
      kind: {
        name: 'Service',
        lines: [
          ['Type', 'oneshot'],
          ...Object.entries(variables).map(([name, value]) => ['Environment', listWord(`${name}=${value}`)] as const),
          ['ExecStart', execLine(['/usr/bin/python3', '-c', program, ...words])],
        ],
      },
    });
    await app.host.write('/etc/systemd/system/words.service', unit);
    await app.lab.sh('systemctl daemon-reload; systemctl start words.service');
    const [argv, environ] = JSON.parse((await app.host.read('/tmp/words.json')) ?? '[[], {}]');
    assert.deepEqual(argv, words);
    for (const [name, value] of Object.entries(variables)) assert.equal(environ[name], value);
    assert.equal(await app.lab.sh('systemctl show -p Description --value words.service'), `${described[0]}\n`);
  }
});
