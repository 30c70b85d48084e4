import type { DatabaseAddress } from '../../config/resolve/input.js';
import { aliasDatabase } from '../../config/resolve/kept-database.js';
import { secret } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { postgresTcpUrl, postgresUrl } from '../../ops/postgresql-database.js';
import { serverFiles } from '../../targets/server/layout.js';
import { POSTGRES_SOCKETS, postgresSteps } from '../../targets/server/postgresql.js';
import { POSTGRES_CERTIFICATE } from '../../targets/server/postgresql-network.js';
import { stepsOn } from '../../targets/server/step.js';
import { keepAliasUrls } from '../alias-urls.js';
import type { ServerApp } from './app.js';
import { postgresMajor } from './facts.js';
import type { Fleet } from './fleet.js';
import { type Network, networkOf } from './network.js';

const PASSWORD = 'postgresql.password';
const URL_SECRET = 'postgresql.url';
const PORT = 5432;

/** Where the app's PostgreSQL is, and who comes to it. */
export interface PostgresHost {
  readonly app: ServerApp;
  /** Absent where the app runs on this host alone, and takes the socket. */
  readonly network?: Network;
}

/** Undefined where no host has the role. @throws Failure PRIVATE_ADDRESS (config) */
export async function postgresHost({ database, apps }: Fleet): Promise<PostgresHost | undefined> {
  if (database === undefined) return undefined;
  const others = apps.filter((app) => app !== database);
  if (others.length === 0) return { app: database };
  // One address serves all: on its own host the app takes it too.
  return { app: database, network: await networkOf(database, apps) };
}

/** The app's user is known to PostgreSQL by the socket alone; over the network by a password, which goes by TLS to a server that it is sure of. */
export async function postgresAddress({ app, network }: PostgresHost): Promise<DatabaseAddress> {
  const password = await app.secrets.ensure(PASSWORD);
  const known = { port: PORT, role: app.user, password: await app.secrets.resolve(PASSWORD) };
  const urlOf = (database: string): string =>
    network === undefined
      ? postgresUrl({ ...known, database, socketFolder: POSTGRES_SOCKETS })
      : postgresTcpUrl({ ...known, database, host: network.address });
  await app.secrets.set(URL_SECRET, urlOf(app.user));
  return {
    host: network?.address ?? POSTGRES_SOCKETS,
    port: String(PORT),
    user: app.user,
    database: app.user,
    password,
    url: secret(URL_SECRET),
    aliasUrls: await keepAliasUrls(app.secrets, app.project, URL_SECRET, (alias) => urlOf(aliasDatabase(app.user, alias))),
    // https://www.postgresql.org/docs/current/libpq-envars.html
    ...(network === undefined
      ? {}
      : { clientEnv: { PGSSLMODE: 'verify-full', PGSSLROOTCERT: serverFiles(app.at).databaseAuthority } }),
  };
}

/** The database server and the app's databases in it. */
export const databaseSteps = ({ app, network }: PostgresHost, extra: readonly string[] = []): Step[] =>
  postgresSteps(
    {
      major: postgresMajor(app.facts),
      memory: app.facts.memory,
      role: app.user,
      password: secret(PASSWORD),
      databases: [app.user, ...extra].map((name) => ({ name, extensions: [] })),
      ...(network === undefined ? {} : { network: { ...network, key: app.name } }),
    },
    app.place,
  );

/** What the app's hosts know the server by. */
export async function trustSteps({ app, network }: PostgresHost, { apps }: Fleet): Promise<Step[]> {
  if (network === undefined) return [];
  const content = (await app.system.read(POSTGRES_CERTIFICATE)) ?? '';
  return apps.map(({ place, at }) =>
    stepsOn(place.name, 'prepare')('postgresql.trusted', 'whom it takes for its database', {
      kind: 'file',
      path: serverFiles(at).databaseAuthority,
      content,
      mode: 0o644,
    }),
  );
}
