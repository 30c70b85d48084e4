import type { Arg, Command } from '../core/command.js';
import { POSTGRES_PORT, POSTGRES_SUPERUSER, type PostgresPlace } from './postgresql.js';

export interface DatabaseWish {
  readonly role: string;
  readonly database: string;
  /** Only those that need a superuser (`postgis`): the others (citext, hstore, pg_trgm, unaccent, …) the database's owner may create by a migration. */
  readonly extensions: readonly string[];
  readonly password: Arg;
}

/** What a role says of where it comes from. */
export const MADE_BY_US = 'Made by Slipway';

/**
 * No SQL is put together here: psql gets the names as variables and the server's own `format` quotes them. The password comes by the environment,
 * and a failing statement that holds it is not logged. Every line may be run again.
 */
const ENSURE = `\\set ON_ERROR_STOP on
\\set password \`printenv SLIPWAY_DATABASE_PASSWORD\`
SET client_min_messages = warning;
SET log_min_error_statement = panic;
SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
SELECT format('COMMENT ON ROLE %I IS %L', :'role', '${MADE_BY_US}') \\gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'role', :'password') \\gexec
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L', :'database', :'role', 'UTF8')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \\gexec
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', :'database') \\gexec
\\connect -reuse-previous=on :"database"
SET client_min_messages = warning;
SELECT format('CREATE EXTENSION IF NOT EXISTS %I', name) FROM unnest(string_to_array(:'extensions', ',')) AS name \\gexec
`;

type Reach = Pick<PostgresPlace, 'bin' | 'socketFolder' | 'port'>;

/** psql as the superuser, for root and for the user who runs the server. */
const superuser = ({ bin, socketFolder, port }: Reach, ...more: readonly string[]): Command => ({
  argv: [
    `${bin}/psql`,
    '-X',
    '-q',
    '-A',
    '-t',
    '-h',
    socketFolder,
    '-p',
    String(port),
    '-U',
    POSTGRES_SUPERUSER,
    '-d',
    'postgres',
    ...more,
  ],
  cwd: '/',
  timeoutSeconds: 60,
});

/** Makes the role, its password, the database and the extensions what they should be; changes nothing where they are. */
export const ensureDatabase = (place: Reach, wish: DatabaseWish): Command => ({
  ...superuser(
    place,
    ...['-v', `role=${wish.role}`, '-v', `database=${wish.database}`, '-v', `extensions=${wish.extensions.join(',')}`, '-f', '-'],
  ),
  env: { SLIPWAY_DATABASE_PASSWORD: wish.password },
  stdin: ENSURE,
});

/** Prints the names of the extensions that the server could create, one a line. */
export const availableExtensions = (place: Reach): Command =>
  superuser(place, '-c', 'SELECT name FROM pg_available_extensions ORDER BY 1');

export interface DatabaseAccess {
  readonly socketFolder: string;
  readonly port: number;
  readonly role: string;
  readonly database: string;
  readonly password: string;
}

/**
 * `DATABASE_URL`. The socket's folder stands in the query, because django-environ leaves a percent-encoded host as it is, while dj-database-url, django-environ, libpq
 * and SQLAlchemy all read it there.
 * @param scheme `postgis` for a spatial database: both parsers choose the engine by it
 */
export function postgresUrl(access: DatabaseAccess, scheme: 'postgres' | 'postgresql' | 'postgis' = 'postgres'): string {
  const [role, password, database, host] = [access.role, access.password, access.database, access.socketFolder].map(
    encodeURIComponent,
  );
  const port = access.port === POSTGRES_PORT ? '' : `&port=${access.port}`;
  return `${scheme}://${role}:${password}@/${database}?host=${host}${port}`;
}

/** The same over loopback, for what can only take a host and a port, or over the network. */
export function postgresTcpUrl(
  access: Omit<DatabaseAccess, 'socketFolder'> & { readonly host?: string },
  scheme: 'postgres' | 'postgis' = 'postgres',
): string {
  const { host = '127.0.0.1' } = access;
  const where = host.includes(':') ? `[${host}]` : host;
  const [role, password, database] = [access.role, access.password, access.database].map(encodeURIComponent);
  return `${scheme}://${role}:${password}@${where}:${access.port}/${database}`;
}

/** For settings that read the parts one by one. */
export const postgresParts = (access: DatabaseAccess) => ({
  host: access.socketFolder,
  port: String(access.port),
  user: access.role,
  name: access.database,
  password: access.password,
});
