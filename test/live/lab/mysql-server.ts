import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { localHost } from '../../../src/hosts/local.js';
import {
  chooseMysql,
  findMysql,
  initializeMysql,
  MYSQL_STOP_SIGNAL,
  type MysqlPlace,
  mysqlProcess,
  mysqlReady,
} from '../../../src/ops/mysql.js';
import { ownedFolder, parsePrograms } from '../../../src/ops/service-programs.js';
import { startDefinition } from './definition.js';
import { until } from './sandbox.js';

const host = localHost();
const found = parsePrograms((await host.exec(findMysql())).stdout);

/** Why there can be no server here; false where there can. */
export const mysqlMissing = (): string | false => (found.programs.length === 0 ? 'apt-get install -y mariadb-server' : false);

/** The user that the server's programs run as, where it is another than this one. */
export const mysqlUser: string | undefined = found.dropTo;

/** Data of a server of a test's own. @param folder which the server's user has to reach @param kept name of the folder of the data in it */
export async function makeMysql(folder: string, kept = 'kept'): Promise<MysqlPlace> {
  await chmod(folder, 0o755);
  const place: MysqlPlace = {
    ...chooseMysql(found),
    data: join(folder, kept, 'mysql'),
    socket: join(folder, 'run/m.sock'),
    runsAs: mysqlUser ?? found.me,
    ...(mysqlUser === undefined ? {} : { user: mysqlUser }),
  };
  for (const name of [kept, 'run']) await must(ownedFolder(join(folder, name), mysqlUser));
  for (const command of initializeMysql(place)) await must(command);
  return place;
}

/** The server of such data, when it answers. @throws Error with what it said, where it does not within a minute */
export async function startMysql(place: MysqlPlace): ReturnType<typeof startDefinition> {
  const server = await startDefinition(mysqlProcess(place, 2 ** 30), MYSQL_STOP_SIGNAL);
  await until('the server', async () => (await host.exec(mysqlReady(place))).code === 0, 60).catch(async (error: unknown) => {
    const log = await server.log();
    server.killAll();
    throw new Error(`${error}\n${log}`);
  });
  return server;
}

async function must(command: Parameters<typeof host.exec>[0]): Promise<void> {
  const { code, stdout, stderr } = await host.exec(command);
  if (code !== 0) throw new Error(`${JSON.stringify(command.argv)}\n${stdout}${stderr}`);
}
