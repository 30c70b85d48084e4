import { createHash } from 'node:crypto';
import type { DatabaseAddress } from '../../config/resolve/input.js';
import { secret } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { mysqlParts, mysqlUrl } from '../../ops/mysql.js';
import { MARIADB_SOCKET, mariadbSteps } from '../../targets/server/mariadb.js';
import type { ServerApp } from './app.js';
import { mariadbVersion } from './facts.js';
import type { Fleet } from './fleet.js';

const PASSWORD = 'mysql.password';
const URL = 'mysql.url';

/** @throws Failure ROLE_MISSING (config) where the app's processes are not all on the host of the database */
export function mariadbHost({ apps, database, first }: Fleet): ServerApp {
  if (database !== undefined && apps.every((app) => app === database)) return database;
  throw new Failure(
    'ROLE_MISSING',
    'config',
    `MariaDB is set up only where all of the app is on one host; ${first.environment} has several`,
    {
      hint: 'database: {url: {secret: DATABASE_URL}}   # in slipway.yml: the address of one of your own',
    },
  );
}

/** Where the system's MariaDB answers the app: on its socket, by a password. Nothing is installed yet. */
export async function mariadbAddress(app: ServerApp): Promise<DatabaseAddress> {
  await app.secrets.ensure(`${PASSWORD}.seed`);
  const seed = await app.secrets.resolve(`${PASSWORD}.seed`);
  // Letters and digits: it goes through MariaDB's own client, as text.
  const password = createHash('sha256').update(seed).digest('hex');
  await app.secrets.set(PASSWORD, password);
  const access = { role: app.user, password, database: databaseName(app.user), socket: MARIADB_SOCKET };
  await app.secrets.set(URL, mysqlUrl(access));
  const { host, port, user, name } = mysqlParts(access);
  return { host, port, user, database: name, password: secret(PASSWORD), url: secret(URL) };
}

/** @param extra databases beside the app's first */
export const ownMariadb = (app: ServerApp, extra: readonly string[] = []): Step[] =>
  mariadbSteps(
    {
      version: mariadbVersion(app.facts),
      role: app.user,
      password: secret(PASSWORD),
      databases: [databaseName(app.user), ...extra],
    },
    app.place,
  );

const databaseName = (user: string): string => user.replaceAll('-', '_');
