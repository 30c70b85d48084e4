import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, run } from './run.js';

const INSTALLED = '/usr/lib/postgresql';
const USER = 'postgres';

/** The folder of the newest PostgreSQL server programs of this machine, or null. */
export function postgresPrograms(): string | null {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest === undefined ? null : join(INSTALLED, newest, 'bin');
}

export interface Postgres {
  /** Folder of its socket. */
  readonly socket: string;
  readonly user: string;
  /** @param database `postgres` unless said */
  readonly sql: (statement: string, database?: string) => Promise<Ran>;
  readonly stop: () => Promise<void>;
}

/** A network that a cluster is reached from, with a password and by TLS alone. */
export interface Reached {
  readonly address: string;
  readonly port: number;
  /** `10.0.0.0/24` */
  readonly from: string;
}

/** A cluster of its own below `folder`, for a test that stops it: on a unix socket, and where it is said, on one address too. */
export async function startPostgres(folder: string, bin: string, reached?: Reached): Promise<Postgres> {
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const as = await asUser(folder);
  const made = await run([...as, join(bin, 'initdb'), '-D', data, '-U', USER, '-A', 'trust', '--no-sync', '-E', 'UTF8']);
  assert.equal(made.code, 0, made.stderr);
  const settings =
    reached === undefined ? { listen_addresses: '' } : { listen_addresses: reached.address, port: reached.port, ssl: 'on' };
  if (reached !== undefined) await letIn(data, reached, as);
  const words = Object.entries({ ...settings, fsync: 'off' }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn('env', [...as.slice(1), join(bin, 'postgres'), '-D', data, '-k', join(folder, 'socket'), ...words], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const socket = join(folder, 'socket');
  const port = String(reached?.port ?? 5432);
  const sql = (statement: string, database = 'postgres') =>
    run([join(bin, 'psql'), '-h', socket, '-p', port, '-U', USER, '-d', database, '-AtXc', statement]);
  await answering(server, sql);
  return { socket, user: USER, sql, stop: () => stopped(server) };
}

async function asUser(folder: string): Promise<[string, ...string[]]> {
  const socket = join(folder, 'socket');
  mkdirSync(socket);
  if (process.getuid?.() !== 0) return ['env'];
  const id = (flag: string) => run(['id', flag, USER]).then((done) => Number(done.stdout));
  const [uid, gid] = [await id('-u'), await id('-g')];
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  for (const path of [socket, join(folder, 'data')]) chownSync(path, uid, gid);
  return ['env', 'setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
}

/** Writes who may come, and a certificate that the server owns. */
async function letIn(data: string, { address, from }: Reached, as: readonly [string, ...string[]]): Promise<void> {
  const made = await run([
    ...as,
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${address}`, '-keyout', join(data, 'server.key'), '-out', join(data, 'server.crt')],
  ]);
  assert.equal(made.code, 0, made.stderr);
  appendFileSync(join(data, 'pg_hba.conf'), `hostssl all all ${from} scram-sha-256\n`);
}

async function answering(server: ChildProcess, sql: (statement: string) => Promise<Ran>): Promise<void> {
  for (let tries = 0; tries < 100 && server.exitCode === null && server.signalCode === null; tries += 1) {
    if ((await sql('SELECT 1')).code === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('PostgreSQL did not start');
}

function stopped(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    // It may have ended before.
    if (!server.kill('SIGQUIT')) resolve();
  });
}
