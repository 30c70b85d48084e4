import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { secret } from '../../src/core/command.js';
import { localHost } from '../../src/hosts/local.js';
import {
  chooseMysql,
  ensureMysqlDatabase,
  findMysql,
  initializeMysql,
  MYSQL_STOP_SIGNAL,
  type MysqlPlace,
  mysqlProcess,
  mysqlReady,
} from '../../src/ops/mysql.js';
import { ownedFolder, parsePrograms } from '../../src/ops/service-programs.js';
import { startDefinition } from './lab/definition.js';
import { sandbox, until } from './lab/sandbox.js';

const run = promisify(execFile);
const host = localHost(async (name) => (name === 'bad' ? "it's" : 'abc123DEF456'));

async function must(command: Parameters<typeof host.exec>[0]): Promise<void> {
  const { code, stdout, stderr } = await host.exec(command);
  assert.equal(code, 0, `${JSON.stringify(command.argv)}\n${stdout}${stderr}`);
}

const found = parsePrograms((await host.exec(findMysql())).stdout);

test('a server of the app has a whole life', {
  skip: found.programs.length === 0 && 'no MariaDB or MySQL on this machine',
}, async (context) => {
  const { folder, after } = await sandbox(context);
  await chmod(folder, 0o755);
  const user = found.dropTo;
  const place: MysqlPlace = {
    ...chooseMysql(found),
    data: join(folder, 'kept data/mysql'),
    socket: join(folder, 'run/m.sock'),
    runsAs: user ?? found.me,
    ...(user === undefined ? {} : { user }),
  };
  for (const name of ['kept data', 'run']) await must(ownedFolder(join(folder, name), user));
  for (const command of initializeMysql(place)) await must(command);
  const start = async () => {
    const server = await startDefinition(mysqlProcess(place, 2 ** 30), MYSQL_STOP_SIGNAL);
    after(server.stop);
    await until('the server', async () => (await host.exec(mysqlReady(place))).code === 0, 30).catch(async (error) => {
      assert.fail(`${error}\n${await server.log()}`);
    });
    return server;
  };
  const first = await start();
  const wish = { role: `o'r\`"\\`, database: "d_b`%'é", password: secret('db') };
  await must(ensureMysqlDatabase(place, wish));
  await must(ensureMysqlDatabase(place, wish));
  assert.equal((await host.exec(ensureMysqlDatabase(place, { ...wish, password: secret('bad') }))).code, 64);
  const ask = async (sql: string, password = 'abc123DEF456') =>
    (
      await run(
        place.client,
        [
          '--no-defaults',
          '-BN',
          `--socket=${place.socket}`,
          `--user=${wish.role}`,
          '--default-character-set=utf8mb4',
          wish.database,
          '-e',
          sql,
        ],
        {
          env: { PATH: process.env['PATH'] ?? '', MYSQL_PWD: password },
        },
      )
    ).stdout;
  assert.equal(await ask('SELECT DATABASE(), @@character_set_database'), `${wish.database}\tutf8mb4\n`);
  await ask("CREATE TABLE kept (what text); INSERT INTO kept VALUES ('still here 🚢')");
  await assert.rejects(ask('SELECT 1', 'wrong'), /Access denied/);
  await assert.rejects(ask('CREATE DATABASE other'), /Access denied/);
  await first.stop();
  await start();
  assert.equal(await ask('SELECT what FROM kept'), 'still here 🚢\n');
});
