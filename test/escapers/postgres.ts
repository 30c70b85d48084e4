import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confString, pgIdentConf } from '../../src/templates/postgresql-conf.js';
import { hbaName } from '../../src/templates/postgresql-hba.js';
import { type Postgres, postgresPrograms, startPostgres } from '../live/python-matrix/postgres.js';
import { type Escaper, isUnsayable, type Reader } from './escaper.js';

const missing = () => (postgresPrograms() === null ? 'apt-get install -y postgresql' : false);
const MOST_OUTPUT = 256 * 1024 * 1024;

/** A reader that has a server of its own. */
async function withServer(
  read: (server: Postgres, bin: string, folder: string, written: readonly string[]) => string[],
): Promise<Reader> {
  const bin = postgresPrograms();
  if (bin === null) throw new Error(String(missing()));
  const folder = mkdtempSync(join(tmpdir(), 'sw-'));
  const server = await startPostgres(folder, bin).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    read: async (written) => read(server, bin, folder, written),
    close: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lines of hexadecimal digits that psql printed of a script. */
function psql({ socket, user }: Postgres, bin: string, script: string, variables: readonly string[] = []): string[] {
  const argv = ['-h', socket, '-U', user, '-d', 'postgres', '-AtXq', '-v', 'ON_ERROR_STOP=1', ...variables, '-f', '-'];
  const env = { ...process.env, PGCLIENTENCODING: 'UTF8' };
  const { status, stdout, stderr } = spawnSync(join(bin, 'psql'), argv, { input: script, env, maxBuffer: MOST_OUTPUT });
  if (status !== 0) throw new Error(`psql ended with ${status}: ${String(stderr).slice(0, 2000)}`);
  return String(stdout)
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'hex').toString('utf8'));
}

const conf: Escaper = {
  name: 'confString, postgresql.conf',
  // The server looks for each name among those it has read.
  batch: 1000,
  write: confString,
  skip: isUnsayable,
  missing,
  open: () =>
    withServer((server, bin, folder, written) => {
      const file = join(folder, 'data/words.conf');
      writeFileSync(file, written.map((word, index) => `words.w${index} = ${word}\n`).join(''), { mode: 0o644 });
      const main = join(folder, 'data/postgresql.conf');
      if (!psqlHas(server, bin)) appendFileSync(main, "include 'words.conf'\n");
      return psql(
        server,
        bin,
        `SELECT encode(convert_to(coalesce(setting, error), 'UTF8'), 'hex') FROM pg_file_settings WHERE sourcefile LIKE '%/words.conf' ORDER BY seqno;`,
      );
    }),
};

const psqlHas = (server: Postgres, bin: string): boolean =>
  psql(server, bin, `SELECT '61' FROM pg_file_settings WHERE sourcefile LIKE '%/words.conf' LIMIT 1;`).length > 0;

/** Names as the server lists them of a file of its own, which it reads each time it is asked. */
const names = (
  name: string,
  file: string,
  write: (text: string) => string,
  line: (written: string) => string,
  ask: string,
): Escaper => ({
  name,
  batch: 20_000,
  write,
  skip: isUnsayable,
  missing,
  open: () =>
    withServer((server, bin, folder, written) => {
      writeFileSync(join(folder, 'data', file), written.map(line).join(''));
      return psql(
        server,
        bin,
        `SELECT encode(convert_to(coalesce(${ask}, error, '(nothing)'), 'UTF8'), 'hex') FROM ${VIEWS[file]} ORDER BY line_number;`,
      );
    }),
});

const VIEWS: Readonly<Record<string, string>> = {
  'pg_hba.conf': 'pg_hba_file_rules',
  'pg_ident.conf': 'pg_ident_file_mappings',
};

/** Once for the database and once for the role: both must be the same one name. */
const hba = names(
  'hbaName, pg_hba.conf',
  'pg_hba.conf',
  hbaName,
  (word) => `hostssl ${word} ${word} 203.0.113.10/32 scram-sha-256\n`,
  `CASE WHEN database = user_name AND cardinality(database) = 1 AND auth_method = 'scram-sha-256' THEN database[1] END`,
);

const ident = names(
  'pgIdentConf, pg_ident.conf',
  'pg_ident.conf',
  (text) => pgIdentConf([text]).split('\n')[0] ?? '',
  (word) => `${word}\n`,
  `CASE WHEN map_name = 'slipway' AND pg_username = 'postgres' THEN sys_name END`,
);

/** Names and texts reach SQL as variables of psql, and through the server's own `format`: as `ensureDatabase` has them. */
const variables = (name: string, ask: (variable: string) => string, skip: (text: string) => boolean): Escaper => ({
  name,
  batch: 4000,
  write: (text) => text,
  skip,
  missing,
  open: () =>
    withServer((server, bin, _, written) =>
      psql(
        server,
        bin,
        written.map((_, index) => ask(`v${index}`)).join('\n'),
        written.flatMap((word, index) => ['-v', `v${index}=${word}`]),
      ),
    ),
});

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
const LONGEST_NAME = 63;
const isNoName = (text: string): boolean => isUnsayable(text) || text === '' || Buffer.byteLength(text) > LONGEST_NAME;

const keyOf = (alias: string) =>
  `SELECT encode(convert_to(key, ''UTF8''), ''hex'') FROM (SELECT 1 AS ${alias}) AS t, json_object_keys(row_to_json(t)) AS key`;

export const POSTGRES = [
  conf,
  hba,
  ident,
  variables(
    'psql :literal and format %L',
    (name) => `SELECT format('SELECT encode(convert_to(%L, ''UTF8''), ''hex'')', :'${name}') \\gexec`,
    isUnsayable,
  ),
  variables('psql :literal and format %I', (name) => `SELECT format('${keyOf('%I')}', :'${name}') \\gexec`, isNoName),
  variables('psql :"identifier"', (name) => `${keyOf(`:"${name}"`).replaceAll("''", "'")};`, isNoName),
];
