import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { secret } from '../../src/core/command.js';
import { localHost } from '../../src/hosts/local.js';
import { ensureMysqlDatabase } from '../../src/ops/mysql.js';
import { makeMysql, mysqlMissing, startMysql } from './lab/mysql-server.js';
import { sandbox } from './lab/sandbox.js';

const run = promisify(execFile);
const host = localHost(async (name) => (name === 'bad' ? "it's" : 'abc123DEF456'));

async function must(command: Parameters<typeof host.exec>[0]): Promise<void> {
  const { code, stdout, stderr } = await host.exec(command);
  assert.equal(code, 0, `${JSON.stringify(command.argv)}\n${stdout}${stderr}`);
}

test('a server of the app has a whole life', { skip: mysqlMissing() }, async (context) => {
  const { folder, after } = await sandbox(context);
  const place = await makeMysql(folder, 'kept data');
  const start = async () => {
    const server = await startMysql(place);
    after(server.stop);
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
