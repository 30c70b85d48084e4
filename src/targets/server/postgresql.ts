import type { Arg, Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { ensureDatabase, MADE_BY_US } from '../../ops/postgresql-database.js';
import { systemPostgresConf } from '../../templates/postgresql-conf.js';
import { oursStep, packageStep } from './base.js';
import type { ServerHost } from './options.js';
import { accessSteps, networkConfig, networkSteps, type PostgresNetwork } from './postgresql-network.js';
import { stepsOn } from './step.js';

export interface ServerPostgres {
  /** Of the system's cluster: 15, 17. */
  readonly major: number;
  /** Bytes the host has. */
  readonly memory: number;
  /** The app's user: it is known by that, without a password (peer). */
  readonly role: string;
  /** For what cannot do without: set, and taken over TCP. */
  readonly password: Arg;
  /** The app's database first. */
  readonly databases: readonly { readonly name: string; readonly extensions: readonly string[] }[];
  /** More Debian packages: `postgresql-17-postgis-3`. */
  readonly packages?: readonly string[];
  /** Where the app runs on other hosts than the server. */
  readonly network?: PostgresNetwork;
}

export const POSTGRES_SOCKETS = '/var/run/postgresql';
const PLACE = { bin: '/usr/bin', socketFolder: POSTGRES_SOCKETS, port: 5432 };

const asPostgres = (command: Command): Command => ({ ...command, user: 'postgres' });

const sql = (text: string, ...variables: readonly string[]): Command =>
  asPostgres({
    argv: [
      'psql',
      '-X',
      '-q',
      '-A',
      '-t',
      '-h',
      POSTGRES_SOCKETS,
      '-d',
      'postgres',
      '-v',
      'ON_ERROR_STOP=1',
      ...variables.flatMap((word) => ['-v', word]),
      '-f',
      '-',
    ],
    cwd: '/',
    stdin: text,
    timeoutSeconds: 60,
  });

/** psql ends with 3 where a statement fails: https://www.postgresql.org/docs/current/app-psql.html. Here that stands for "different". */
const asked = (command: Command): Command => ({
  ...command,
  argv: ['sh', '-uc', '"$@" 2>/dev/null || exit 1', 'sh', ...command.argv],
});

/** Nothing is asked of a server that an administrator has set up: it stays as it runs. */
const unlessTheirs = (command: Command): Command => ({
  ...command,
  argv: ['sh', '-uc', '[ -e "$0" ] || exit 0; exec "$@"', IS_OURS, ...command.argv],
});

/** One division by zero for each thing that is not as it has to be. */
const IS_THERE = `SELECT 1 / count(*) FROM pg_roles WHERE rolname = :'role' AND rolcanlogin;
SELECT 1 / count(*) FROM pg_authid WHERE rolname = :'role' AND rolpassword IS NOT NULL;
SELECT 1 / count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
  WHERE datname = :'database' AND rolname = :'role' AND NOT has_database_privilege('public', d.oid, 'CONNECT');
\\connect -reuse-previous=on :"database"
SELECT 1 / (CASE WHEN count(*) = 0 THEN 1 ELSE 0 END) FROM unnest(string_to_array(:'extensions', ',')) AS wanted
  WHERE wanted NOT IN (SELECT extname FROM pg_extension);
`;

/** Fails with the name of the first thing that is somebody else's; it is not touched. */
const NOT_TAKEN = `SELECT set_config('slipway.role', :'role', false), set_config('slipway.database', :'database', false);
DO $$
DECLARE found text;
BEGIN
  SELECT format('the role %I is not of Slipway''s making', rolname) INTO found FROM pg_roles
    WHERE rolname = current_setting('slipway.role') AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM '${MADE_BY_US}';
  IF found IS NULL THEN
    SELECT format('the database %I belongs to the role %I', datname, rolname) INTO found
      FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
      WHERE datname = current_setting('slipway.database') AND rolname <> current_setting('slipway.role');
  END IF;
  IF found IS NOT NULL THEN RAISE EXCEPTION '%', found; END IF;
END $$;
`;

/** Where PostgreSQL was not there before, this file says that it is Slipway's to tune. */
const IS_OURS = '/etc/slipway/postgresql';

/** To be done before its package is installed, whoever installs it. */
export const postgresIsOurs = (major: number, host: ServerHost): Step =>
  oursStep(host, 'postgresql.ours', IS_OURS, [`/usr/lib/postgresql/${major}/bin/postgres`, '/usr/bin/pg_lsclusters']);

/** Writes standard input to a file where the other file is there. */
const TUNE = 'if [ -e "$1" ]; then cat >"$2.new"; chmod 0644 "$2.new"; mv -f "$2.new" "$2"; fi';
const TUNED = '[ ! -e "$1" ] || cmp -s - "$2" || exit 1';

const script = (text: string, stdin: string, ...words: string[]): Command => ({
  argv: ['sh', '-uc', text, 'sh', ...words],
  stdin,
  timeoutSeconds: 30,
});

/** The server runs with its configuration as it is: it was written before the server started. */
const UP_TO_DATE = `SELECT 1 / count(*) FROM pg_stat_file(:'file') WHERE modification < pg_postmaster_start_time();
`;

/** The system's own PostgreSQL: installed, tuned, with the app's role and databases. Other databases in it are left alone. */
export function postgresSteps(wish: ServerPostgres, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare', 'postgresql');
  const unit = `postgresql@${wish.major}-main.service`;
  const config = `/etc/postgresql/${wish.major}/main/conf.d/slipway.conf`;
  const tuned = systemPostgresConf(wish.memory);
  const packages = [`postgresql-${wish.major}`, ...(wish.packages ?? [])];
  return [
    { ...postgresIsOurs(wish.major, host), lane: 'postgresql' },
    { ...packageStep(host, 'postgresql.packages', packages), lane: 'postgresql' },
    step('postgresql.config', 'PostgreSQL is tuned to the machine', {
      kind: 'run',
      command: script(TUNE, tuned, IS_OURS, config),
      check: { command: script(TUNED, tuned, IS_OURS, config) },
    }),
    ...(wish.network === undefined ? [] : networkSteps(wish.network, wish.major, host)),
    ...[config, ...(wish.network === undefined ? [] : [networkConfig(wish.major)])].map((file, index) =>
      step(index === 0 ? 'postgresql.restart' : 'postgresql.listens', 'PostgreSQL runs', {
        kind: 'run',
        command: { argv: ['systemctl', 'restart', unit], timeoutSeconds: 180 },
        check: {
          command: index === 0 ? unlessTheirs(asked(sql(UP_TO_DATE, `file=${file}`))) : asked(sql(UP_TO_DATE, `file=${file}`)),
        },
      }),
    ),
    step('postgresql.ready', 'PostgreSQL answers', {
      kind: 'wait',
      until: { command: { argv: ['pg_isready', '-q', '-t', '3', '-h', POSTGRES_SOCKETS], timeoutSeconds: 10 } },
      timeoutSeconds: 60,
      log: [{ argv: ['journalctl', '-q', '--no-pager', '-o', 'cat', '-n', '50', '-u', unit] }],
    }),
    ...wish.databases.map(({ name }) => {
      const free = sql(NOT_TAKEN, `role=${wish.role}`, `database=${name}`);
      return step(
        `postgresql.free.${name}`,
        `whose database ${name} is`,
        { kind: 'run', command: free, check: { command: asked(free) } },
        {
          code: 'POSTGRES_TAKEN',
          kind: 'conflict',
          message: `PostgreSQL on ${host.name} has a role or database of the app's name that is somebody else's`,
          hint: 'give the app another name (app: in slipway.yml), or name that database: database: {url: {secret: DATABASE_URL}}',
        },
      );
    }),
    ...wish.databases.map(({ name, extensions }) =>
      step(`postgresql.database.${name}`, `database ${name}`, {
        kind: 'run',
        command: asPostgres(ensureDatabase(PLACE, { role: wish.role, database: name, extensions, password: wish.password })),
        check: { command: asked(sql(IS_THERE, `role=${wish.role}`, `database=${name}`, `extensions=${extensions.join(',')}`)) },
      }),
    ),
    ...(wish.network === undefined ? [] : accessSteps(wish.network, wish, wish.major, host)),
  ];
}
