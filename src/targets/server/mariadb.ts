import type { Arg, Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { ensureMysqlDatabase, type MysqlPlace, mysqlReady } from '../../ops/mysql.js';
import { packageStep } from './base.js';
import type { ServerHost } from './options.js';
import { stepsOn } from './step.js';

export interface ServerMariadb {
  /** Of the server: 10.11, 11.8. */
  readonly version: string;
  readonly role: string;
  /** Letters and digits. */
  readonly password: Arg;
  /** The app's database first. */
  readonly databases: readonly string[];
}

export const MARIADB_SOCKET = '/run/mysqld/mysqld.sock';

/** The system's own, as Debian lays it out: root is its superuser, known by who it is on the machine. */
const placeOf = ({ version }: ServerMariadb): MysqlPlace => ({
  program: '/usr/sbin/mariadbd',
  version,
  product: 'mariadb',
  client: '/usr/bin/mariadb',
  data: '/var/lib/mysql',
  socket: MARIADB_SOCKET,
  runsAs: 'root',
});

/** As the app would: role, password, database and right are proved by use. The password comes by the environment. */
const USABLE = 'mariadb --no-defaults --socket="$1" --user="$2" --database="$3" --execute="SELECT 1" >/dev/null 2>&1 || exit 1';

/** The system's own MariaDB: installed, running, with the app's role and databases. Others in it are left alone. */
export function mariadbSteps(wish: ServerMariadb, host: ServerHost): Step[] {
  const place = placeOf(wish);
  const step = stepsOn(host.name, 'prepare', 'mariadb');
  const usable = (database: string): Command => ({
    argv: ['sh', '-uc', USABLE, 'sh', MARIADB_SOCKET, wish.role, database],
    env: { MYSQL_PWD: wish.password },
    timeoutSeconds: 30,
  });
  return [
    { ...packageStep(host, 'mariadb.packages', ['mariadb-server']), lane: 'mariadb' },
    step('mariadb.start', 'MariaDB runs', {
      kind: 'run',
      command: { argv: ['systemctl', 'enable', '-q', '--now', 'mariadb.service'], timeoutSeconds: 180 },
      check: { command: { argv: ['sh', '-uc', 'systemctl -q is-active mariadb && systemctl -q is-enabled mariadb || exit 1'] } },
    }),
    step('mariadb.ready', 'MariaDB answers', {
      kind: 'wait',
      until: { command: mysqlReady(place) },
      timeoutSeconds: 90,
      log: [{ argv: ['journalctl', '-q', '--no-pager', '-o', 'cat', '-n', '50', '-u', 'mariadb'] }],
    }),
    ...wish.databases.map((database) =>
      step(`mariadb.database.${database}`, `database ${database}`, {
        kind: 'run',
        command: ensureMysqlDatabase(place, { role: wish.role, database, password: wish.password }),
        check: { command: usable(database) },
      }),
    ),
  ];
}
