import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mysqlName, mysqlText } from '../../src/ops/mysql.js';
import { makeMysql, mysqlMissing, mysqlUser, startMysql } from '../live/lab/mysql-server.js';
import { type Escaper, isUnsayable } from './escaper.js';

const MOST_OUTPUT = 256 * 1024 * 1024;
/** Statements and what the client prints of them. */
const mysql = (
  kind: Pick<Escaper, 'name' | 'write'> & { readonly skip: (text: string) => boolean },
  options: readonly string[],
  script: (written: readonly string[]) => string,
  told: (printed: string) => string[],
): Escaper => ({
  ...kind,
  batch: 20_000,
  missing: mysqlMissing,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sw-'));
    const place = await makeMysql(folder);
    const server = await startMysql(place);
    const argv = ['--no-defaults', '-S', place.socket, '-u', place.runsAs, '--default-character-set=utf8mb4', ...options];
    return {
      read: async (written) => {
        const input = `SET NAMES utf8mb4;\n${script(written)}`;
        const as =
          mysqlUser === undefined ? [place.client] : ['setpriv', `--reuid=${mysqlUser}`, '--clear-groups', '--', place.client];
        const [program = '', ...more] = [...as, ...argv];
        const { status, stdout, stderr } = spawnSync(program, more, { input, maxBuffer: MOST_OUTPUT });
        if (status !== 0) throw new Error(`${place.client} ended with ${status}: ${String(stderr)}`);
        return told(String(stdout));
      },
      close: async () => {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});

const texts = mysql(
  { name: 'mysqlText, MariaDB or MySQL', write: mysqlText, skip: (word) => /\p{Surrogate}/u.test(word) },
  ['-BN'],
  (written) => written.map((word) => `SELECT HEX(${word});\n`).join(''),
  (printed) =>
    printed
      .split('\n')
      .slice(0, -1)
      .map((line) => Buffer.from(line, 'hex').toString('utf8')),
);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** https://dev.mysql.com/doc/refman/8.0/en/identifiers.html */
const isNoName = (word: string): boolean => isUnsayable(word) || /[\u{10000}-\u{10ffff}]/u.test(word);

/** A column's name, as `ensureMysqlDatabase` puts names into statements. Of a name said after AS, blanks at an end are no part. */
const names = mysql(
  { name: 'mysqlName, MariaDB or MySQL', write: (word) => mysqlText(`x${word}x`), skip: isNoName },
  ['--xml'],
  (written) =>
    written
      .map(
        (word) =>
          `SET @name = ${word}; SET @q = CONCAT('SELECT * FROM (SELECT 1 AS ', ${mysqlName('@name')}, ') AS t'); PREPARE s FROM @q; EXECUTE s;\n`,
      )
      .join(''),
  (printed) =>
    [...printed.matchAll(/<field name="([^"]*)">1<\/field>/g)].map(([, name = '']) =>
      name.slice(1, -1).replace(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole),
    ),
);

export const MYSQL = [texts, names];
