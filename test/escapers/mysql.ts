import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localHost } from '../../src/hosts/local.js';
import {
  chooseMysql,
  findMysql,
  initializeMysql,
  MYSQL_STOP_SIGNAL,
  type MysqlPlace,
  mysqlProcess,
  mysqlReady,
  mysqlText,
} from '../../src/ops/mysql.js';
import { ownedFolder, parsePrograms } from '../../src/ops/service-programs.js';
import { startDefinition } from '../live/lab/definition.js';
import { until } from '../live/lab/sandbox.js';
import type { Escaper } from './escaper.js';

const MOST_OUTPUT = 256 * 1024 * 1024;
const host = localHost();
const found = parsePrograms((await host.exec(findMysql())).stdout);

async function must(command: Parameters<typeof host.exec>[0]): Promise<void> {
  const { code, stdout, stderr } = await host.exec(command);
  if (code !== 0) throw new Error(`${JSON.stringify(command.argv)}\n${stdout}${stderr}`);
}

const text: Escaper = {
  name: 'mysqlText, MariaDB or MySQL',
  batch: 20_000,
  write: mysqlText,
  skip: (word) => /\p{Surrogate}/u.test(word),
  missing: () => (found.programs.length === 0 ? 'apt-get install -y mariadb-server' : false),
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sw-'));
    chmodSync(folder, 0o755);
    const user = found.dropTo;
    const place: MysqlPlace = {
      ...chooseMysql(found),
      data: join(folder, 'kept/mysql'),
      socket: join(folder, 'run/m.sock'),
      runsAs: user ?? found.me,
      ...(user === undefined ? {} : { user }),
    };
    for (const name of ['kept', 'run']) await must(ownedFolder(join(folder, name), user));
    for (const command of initializeMysql(place)) await must(command);
    const server = await startDefinition(mysqlProcess(place, 2 ** 30), MYSQL_STOP_SIGNAL);
    await until('the server', async () => (await host.exec(mysqlReady(place))).code === 0, 60);
    const argv = ['--no-defaults', '-S', place.socket, '-u', place.runsAs, '--default-character-set=utf8mb4', '-BN'];
    return {
      read: async (written) => {
        const input = `SET NAMES utf8mb4;\n${written.map((word) => `SELECT HEX(${word});\n`).join('')}`;
        const as = user === undefined ? [place.client] : ['setpriv', `--reuid=${user}`, '--clear-groups', '--', place.client];
        const [program = '', ...more] = [...as, ...argv];
        const { status, stdout, stderr } = spawnSync(program, more, { input, maxBuffer: MOST_OUTPUT });
        if (status !== 0) throw new Error(`${place.client} ended with ${status}: ${String(stderr)}`);
        return String(stdout)
          .split('\n')
          .slice(0, -1)
          .map((line) => Buffer.from(line, 'hex').toString('utf8'));
      },
      close: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

export const MYSQL = [text];
