import type { Step } from '../../core/plan.js';
import { mysqlText } from '../../ops/mysql.js';
import { MADE_BY_US } from '../../ops/postgresql-database.js';
import { MARIADB_SOCKET } from './mariadb.js';
import type { ServerHost } from './options.js';
import { POSTGRES_SOCKETS } from './postgresql.js';
import { stepsOn } from './step.js';

/** A role that Slipway has made, and every database that belongs to it. The server quotes the names. */
const DROP_POSTGRES = `SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
  WHERE rolname = :'role' AND shobj_description(r.oid, 'pg_authid') = '${MADE_BY_US}' \\gexec
SELECT format('DROP ROLE %I', rolname) FROM pg_roles
  WHERE rolname = :'role' AND shobj_description(oid, 'pg_authid') = '${MADE_BY_US}' \\gexec
`;

/** Prints what drops them. In its table of rights MariaDB keeps names as patterns; 92 is a backslash, 96 its quote of names. */
const dropMariadb = (role: string): string => `SET NAMES utf8mb4;
SET @role = ${mysqlText(role)}, @b = CHAR(92), @q = CHAR(96);
SELECT CONCAT('DROP DATABASE IF EXISTS ', @q, REPLACE(REPLACE(REPLACE(Db, CONCAT(@b, '_'), '_'), CONCAT(@b, '%'), '%'), @q, CONCAT(@q, @q)), @q, ';')
  FROM mysql.db WHERE User = @role AND Host = 'localhost';
SELECT CONCAT('DROP USER ', QUOTE(User), '@localhost;') FROM mysql.user WHERE User = @role AND Host = 'localhost';
`;

const TWICE = 'mariadb --no-defaults --socket="$1" -N -B -r | mariadb --no-defaults --socket="$1"';

/** Deletes the app's databases for good, with all that is in them. Others on the same server are left alone. @param role the app's user */
export function dropDatabases(kinds: readonly string[], role: string, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'clean');
  return [
    ...(kinds.includes('postgresql')
      ? [
          step('remove.postgresql', 'its databases in PostgreSQL', {
            kind: 'run',
            command: {
              argv: [
                'psql',
                '-X',
                '-q',
                '-h',
                POSTGRES_SOCKETS,
                '-d',
                'postgres',
                '-v',
                'ON_ERROR_STOP=1',
                '-v',
                `role=${role}`,
                '-f',
                '-',
              ],
              stdin: DROP_POSTGRES,
              user: 'postgres',
              cwd: '/',
              timeoutSeconds: 120,
            },
          }),
        ]
      : []),
    ...(kinds.includes('mysql')
      ? [
          step('remove.mariadb', 'its databases in MariaDB', {
            kind: 'run',
            command: {
              argv: ['sh', '-euc', TWICE, 'sh', MARIADB_SOCKET],
              stdin: dropMariadb(role),
              cwd: '/',
              timeoutSeconds: 120,
            },
          }),
        ]
      : []),
  ];
}
