import type { Arg, Command } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { ProcessDefinition } from '../core/process-definition.js';
import { type FoundPrograms, findPrograms, versionIn } from './service-programs.js';

export const MYSQL_STOP_SIGNAL = 'TERM';

export interface Mysql {
  /** The server: mariadbd or mysqld. */
  readonly program: string;
  readonly version: string;
  readonly product: 'mariadb' | 'mysql';
  /** The client: mariadb or mysql. */
  readonly client: string;
  /** MariaDB's mariadb-install-db; MySQL's server does it itself. */
  readonly installer?: string;
}

export const findMysql = (): Command =>
  findPrograms(
    [
      ...[
        '"$(command -v mariadbd)"',
        '/usr/sbin/mariadbd',
        '/usr/libexec/mariadbd',
        '"$(command -v mysqld)"',
        '/usr/sbin/mysqld',
        '/usr/libexec/mysqld',
      ],
      ...[
        '"$(command -v mariadb)"',
        '"$(command -v mysql)"',
        '"$(command -v mariadb-install-db)"',
        '"$(command -v mysql_install_db)"',
      ],
    ],
    ['mysql'],
    [],
  );

/** MariaDB before MySQL where both are there: Debian's own. @throws Failure MYSQL_MISSING */
export function chooseMysql({ programs }: FoundPrograms): Mysql {
  const pathOf = (...names: readonly string[]): string | undefined =>
    programs.find(({ path }) => names.includes(path.slice(path.lastIndexOf('/') + 1)))?.path;
  const server = programs
    .filter(({ path }) => /\/(mariadbd|mysqld)$/.test(path))
    .map(({ path, version }) => ({
      path,
      version: versionIn(version),
      product: /mariadb/i.test(version) ? ('mariadb' as const) : ('mysql' as const),
    }))
    .sort((a, b) => a.product.localeCompare(b.product))
    .find(({ version }) => version !== undefined);
  const client = pathOf('mariadb', 'mysql');
  const installer = pathOf('mariadb-install-db', 'mysql_install_db');
  const whole = server !== undefined && client !== undefined && (server.product === 'mysql' || installer !== undefined);
  if (!whole || server.version === undefined) {
    throw new Failure('MYSQL_MISSING', 'environment', 'The project needs MySQL or MariaDB, and there is none on this machine', {
      hint: 'apt-get install -y mariadb-server',
    });
  }
  return {
    program: server.path,
    version: server.version,
    product: server.product,
    client,
    ...(installer === undefined ? {} : { installer }),
  };
}

export interface MysqlPlace extends Mysql {
  /** Made by `initializeMysql`. Beside it lies what was not finished. */
  readonly data: string;
  /** At most 107 bytes, in a folder of mode 0700: MySQL's superuser has no password there. */
  readonly socket: string;
  /** The user the server runs as: its superuser's name in MariaDB. */
  readonly runsAs: string;
  /** The same, where that is not Slipway's own. */
  readonly user?: string;
  /** Listen on 127.0.0.1 too. */
  readonly tcpPort?: number;
}

const as = ({ user }: MysqlPlace) => (user === undefined ? {} : { user });

/** Makes the data, in three commands to be run one after the other while `data` is not there. What was killed half-way is thrown away. */
export function initializeMysql(place: MysqlPlace): readonly Command[] {
  const fresh = `${place.data}.new`;
  const make =
    place.product === 'mysql' || place.installer === undefined
      ? [place.program, '--no-defaults', '--initialize-insecure', `--datadir=${fresh}`]
      : [
          ...[place.installer, '--no-defaults', `--datadir=${fresh}`, '--skip-test-db'],
          ...['--auth-root-authentication-method=socket', `--auth-root-socket-user=${place.runsAs}`],
        ];
  return [
    { argv: ['rm', '-rf', '--', fresh], cwd: '/', ...as(place) },
    { argv: make, cwd: '/', timeoutSeconds: 180, ...as(place) },
    { argv: ['mv', '-T', '--', fresh, place.data], cwd: '/', ...as(place) },
  ];
}

/** Everything is said in argv, so that no configuration file of the machine's is read and none has to be escaped for. @param memory bytes of the machine */
export function mysqlProcess(place: MysqlPlace, memory: number): ProcessDefinition {
  const pool = Math.round(Math.min(1024, Math.max(64, memory / 2 ** 20 / 16)));
  const network = place.tcpPort === undefined ? ['--skip-networking'] : ['--bind-address=127.0.0.1', `--port=${place.tcpPort}`];
  return {
    argv: [
      ...[
        place.program,
        '--no-defaults',
        `--datadir=${place.data}`,
        `--socket=${place.socket}`,
        `--pid-file=${place.data}/server.pid`,
      ],
      ...network,
      ...['--character-set-server=utf8mb4', '--collation-server=utf8mb4_unicode_ci', '--local-infile=0', '--skip-symbolic-links'],
      ...[`--innodb-buffer-pool-size=${pool}M`, '--performance-schema=OFF', '--max-connections=151'],
      ...(place.product === 'mysql' ? ['--mysqlx=OFF'] : []),
    ],
    cwd: place.data,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' },
    umask: 0o077,
    ...as(place),
  };
}

const superuser = (place: MysqlPlace): string[] => [
  ...[place.client, '--no-defaults', '--batch', '--skip-column-names', `--socket=${place.socket}`],
  `--user=${place.product === 'mariadb' ? place.runsAs : 'root'}`,
];

/** Exit 0 when it takes connections, 1 while it does not. */
export const mysqlReady = (place: MysqlPlace): Command => ({
  argv: [...superuser(place), '--connect-timeout=3', '--execute=SELECT 1'],
  cwd: '/',
  timeoutSeconds: 10,
  ...as(place),
});

/** Puts the password, which comes by the environment and consists of letters and digits, before the SQL that comes on standard input. */
const WITH_PASSWORD = `
case "$SLIPWAY_DATABASE_PASSWORD" in ''|*[!A-Za-z0-9]*) echo 'the password must be made of letters and digits' >&2; exit 64;; esac
{ printf "SET @password = '%s';\\n" "$SLIPWAY_DATABASE_PASSWORD"; cat; } | "$@"
`;

/** The one escaper for text in MySQL: as a hexadecimal literal it cannot end early, whatever the sql_mode. */
export const mysqlText = (text: string): string =>
  text === ''
    ? "''"
    : `CONVERT(0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')} USING utf8mb4)`;

const BACKSLASH = 'CHAR(92)';
/** The one escaper for names in MySQL: parts of a CONCAT that quote what a variable holds. */
export const mysqlName = (variable: string): string => `'\`', REPLACE(${variable}, '\`', '\`\`'), '\`'`;
/** In GRANT a database's name is a pattern. */
const pattern = `REPLACE(REPLACE(@name, '_', CONCAT(${BACKSLASH}, '_')), '%', CONCAT(${BACKSLASH}, '%'))`;

/** Makes the database, the user and its password what they should be; every line may be run again. @param password letters and digits */
export function ensureMysqlDatabase(place: MysqlPlace, wish: { role: string; database: string; password: Arg }): Command {
  const run = (...parts: readonly string[]): string => `SET @q = CONCAT(${parts.join(', ')}); PREPARE s FROM @q; EXECUTE s;\n`;
  const who = `QUOTE(@role), '@localhost'`;
  return {
    argv: ['sh', '-c', WITH_PASSWORD, 'sh', ...superuser(place)],
    env: { SLIPWAY_DATABASE_PASSWORD: wish.password },
    stdin: [
      'SET NAMES utf8mb4;\n',
      `SET @role = ${mysqlText(wish.role)}, @name = ${mysqlText(wish.database)};\n`,
      run(`'CREATE DATABASE IF NOT EXISTS '`, mysqlName('@name'), `' CHARACTER SET utf8mb4'`),
      run(`'CREATE USER IF NOT EXISTS '`, who, `' IDENTIFIED BY '`, 'QUOTE(@password)'),
      run(`'ALTER USER '`, who, `' IDENTIFIED BY '`, 'QUOTE(@password)'),
      run(`'GRANT ALL PRIVILEGES ON '`, mysqlName(pattern), `'.* TO '`, who),
    ].join(''),
    cwd: '/',
    timeoutSeconds: 60,
    ...as(place),
  };
}

/** `DATABASE_URL`: the socket in the query is read by dj-database-url and django-environ alike. */
export function mysqlUrl(access: { role: string; password: string; database: string; socket: string }): string {
  const [role, password, database, socket] = [access.role, access.password, access.database, access.socket].map(
    encodeURIComponent,
  );
  return `mysql://${role}:${password}@/${database}?unix_socket=${socket}`;
}

/** For settings that read the parts one by one: Django takes a host that begins with a slash for a socket. */
export const mysqlParts = (access: { role: string; password: string; database: string; socket: string }) => ({
  host: access.socket,
  port: '3306',
  user: access.role,
  name: access.database,
  password: access.password,
});
