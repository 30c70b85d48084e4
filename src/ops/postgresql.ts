import type { Command } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { ProcessDefinition } from '../core/process-definition.js';
import { type FoundPrograms, findPrograms, majorOf, versionIn } from './service-programs.js';

/** The port where TCP is not asked for: then only a part of the socket's name, so that projects that do `int(PORT)` get a port that is one. */
export const POSTGRES_PORT = 5432;
/** The superuser of a cluster of Slipway's own; reached only over the socket, by the user who runs the server and by root. */
export const POSTGRES_SUPERUSER = 'postgres';
/** The longest folder for a socket: `/.s.PGSQL.65535` and the 107 bytes of a socket's path. https://www.postgresql.org/docs/current/runtime-config-connection.html */
export const LONGEST_POSTGRES_SOCKET_FOLDER = 107 - '/.s.PGSQL.65535.lock'.length;
export const POSTGRES_STOP_SIGNAL = 'INT';

export interface Postgres {
  /** The folder of initdb, postgres, psql, pg_isready. */
  readonly bin: string;
  /** `17.2` */
  readonly version: string;
}

/** @param embedded the bin folder of the embedded package, where there is one */
export const findPostgres = (embedded?: string): Command =>
  findPrograms(
    [
      '/usr/lib/postgresql/*/bin/postgres',
      '/usr/pgsql-*/bin/postgres',
      '/usr/libexec/postgresql*/postgres',
      '/usr/local/pgsql/bin/postgres',
      '"$(command -v postgres)"',
    ],
    ['postgres'],
    embedded === undefined ? [] : [`${embedded}/postgres`],
  );

/**
 * The newest PostgreSQL; but where there is data already, one of the version that made it.
 * @param dataVersion content of the data folder's PG_VERSION
 * @throws Failure POSTGRES_MISSING, POSTGRES_VERSION_MISMATCH
 */
export function choosePostgres({ programs }: FoundPrograms, dataVersion?: string): Postgres {
  const all = programs.flatMap(({ path, version: said }) => {
    const version = said.startsWith('postgres') ? versionIn(said) : undefined;
    return version === undefined ? [] : [{ bin: path.slice(0, path.lastIndexOf('/')), version }];
  });
  const major = dataVersion === undefined ? undefined : majorOf(dataVersion);
  const fitting = all.filter(({ version }) => major === undefined || majorOf(version) === major);
  const [best] = fitting.sort((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version));
  if (best !== undefined) return best;
  if (major === undefined || all.length === 0) {
    throw new Failure('POSTGRES_MISSING', 'environment', 'The project needs PostgreSQL, and there is none on this machine', {
      hint: 'apt-get install -y postgresql',
    });
  }
  throw new Failure(
    'POSTGRES_VERSION_MISMATCH',
    'environment',
    `The app's data was made by PostgreSQL ${major}, and this machine has ${all.map(({ version }) => version).join(', ')}`,
    { hint: `apt-get install -y postgresql-${major}   # nothing was changed; the data is whole` },
  );
}

/** Where one app's cluster lies. */
export interface PostgresPlace {
  readonly bin: string;
  /** PGDATA. Made by `initdbCommands`. */
  readonly data: string;
  readonly config: string;
  /** Without a comma: for libpq that parts two hosts. */
  readonly socketFolder: string;
  readonly port: number;
  /** The user the server runs as, where that is not Slipway's own. */
  readonly user?: string;
}

/**
 * Makes the cluster, in three commands to be run one after the other while `data/PG_VERSION` is not there. What was killed half-way is thrown away.
 * initdb refuses to run as root: https://www.postgresql.org/docs/current/app-initdb.html
 */
export function initdbCommands({ bin, data, user }: PostgresPlace, utf8: boolean): readonly Command[] {
  const fresh = `${data}.new`;
  const as = user === undefined ? {} : { user };
  const options = [
    '-U',
    POSTGRES_SUPERUSER,
    '-E',
    'UTF8',
    `--locale=${utf8 ? 'C.UTF-8' : 'C'}`,
    '--data-checksums',
    '--no-instructions',
  ];
  const access = ['--auth-local=peer', '--auth-host=reject'];
  return [
    { argv: ['rm', '-rf', '--', fresh], cwd: '/', ...as },
    { argv: [`${bin}/initdb`, '-D', fresh, ...options, ...access], cwd: '/', timeoutSeconds: 120, ...as },
    { argv: ['mv', '-T', '--', fresh, data], cwd: '/', ...as },
  ];
}

export function postgresProcess({ bin, data, config, user }: PostgresPlace): ProcessDefinition {
  return {
    argv: [`${bin}/postgres`, '-D', data, `--config-file=${config}`],
    cwd: data,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' },
    umask: 0o077,
    ...(user === undefined ? {} : { user }),
  };
}

/** Exit 0 when it takes connections, 1 while it starts or recovers, 2 when nothing answers. */
export const postgresReady = ({ bin, socketFolder, port }: Pick<PostgresPlace, 'bin' | 'socketFolder' | 'port'>): Command => ({
  argv: [`${bin}/pg_isready`, '-q', '-t', '3', '-h', socketFolder, '-p', String(port)],
  timeoutSeconds: 10,
});
