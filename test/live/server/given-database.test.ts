import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Visitor } from '../../support/browserless.js';
import { freePort } from '../../support/edge.js';
import { labMissing } from '../lab/hosts/missing.js';
import { type Postgres, postgresPrograms, startPostgres } from '../python-matrix/postgres.js';
import { openPlainServer, type PlainApp, type PlainServer } from './plain-server.js';

const bin = postgresPrograms();
const skip = labMissing() || (bin === null ? 'apt-get install -y postgresql' : false);
const PASSWORD = "p@ss:w/rd%20'";

const KIND = `
import magic
urlpatterns.append(path('kind', lambda request: HttpResponse(magic.from_buffer(b'%PDF-1.4', mime=True))))
`;

let server: PlainServer;
let app: PlainApp;
let folder: string;
let postgres: Postgres;
let url: (password: string) => string;

const sql = async (statement: string, database?: string): Promise<string> => {
  const { code, stdout, stderr } = await postgres.sql(statement, database);
  assert.equal(code, 0, stderr);
  return stdout.trim();
};
before(async () => {
  if (skip !== false || bin === null) return;
  server = await openPlainServer();
  folder = mkdtempSync(join(tmpdir(), 'sw-'));
  const { gateway } = server.lab;
  const port = await freePort();
  // It is another machine's, as the host sees it.
  postgres = await startPostgres(folder, bin, { address: gateway, port, from: gateway.replace(/\d+$/, '0/24') });
  await sql(`CREATE ROLE shop LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
  await sql('CREATE DATABASE shop OWNER shop');
  url = (password) => `postgres://shop:${encodeURIComponent(password)}@${gateway}:${port}/shop?sslmode=require`;
  app = server.app({ more: { database: { url: { secret: 'DATABASE_URL' } } } });
  // One is there as source alone, and is built with a library that it runs with; the other loads one when it is imported.
  appendFileSync(join(app.directory, 'requirements.txt'), 'psycopg2==2.9.11\npython-magic==0.4.27\ndj-database-url==3.0.1\n');
  appendFileSync(join(app.directory, 'plain/urls.py'), KIND);
  const settings = "\nimport dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3')}\n";
  appendFileSync(join(app.directory, 'plain/settings.py'), settings);
});
after(async () => {
  await server?.close();
  await postgres?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('a database that does not let the app in is told, and its password is not', { skip, timeout: 300_000 }, async () => {
  assert.equal((await app.run(['secrets', 'set', 'DATABASE_URL'], { stdin: url('another-one') })).code, 0);
  const ran = await app.run(['deploy']);
  assert.equal(ran.code, 4, ran.stdout);
  const error = Object(ran.result['error']);
  assert.match(`${error.message}${error.detail}`, /password authentication failed for user "shop"/);
  assert.doesNotMatch(ran.stdout + ran.stderr, /another-one/);
});

test('a database of the user’s own, on another machine, by a driver that is built there: migrated, used by TLS, and left as it is by remove', {
  skip,
  timeout: 300_000,
}, async () => {
  assert.equal((await app.run(['secrets', 'set', 'DATABASE_URL'], { stdin: url(PASSWORD) })).code, 0);
  await app.good('deploy');
  const page = await new Visitor(server.caFile, server.host.address).visit(`${app.url}often`);
  assert.deepEqual([page.status, page.text], [200, '<html>0 users</html>']);
  assert.equal((await new Visitor(server.caFile, server.host.address).visit(`${app.url}kind`)).text, 'application/pdf');
  assert.equal((await app.good('deploy'))['changed'], false);
  const installed = await server.host.sh('dpkg -l "postgresql*" 2>/dev/null | grep ^ii || true');
  assert.equal(installed, '', 'none of Slipway’s own');
  const kept = 'SELECT count(*) > 0 FROM django_migrations';
  assert.equal(await sql(kept, 'shop'), 't');
  await app.good('remove', '--delete-data', '--yes');
  assert.equal(await sql(kept, 'shop'), 't', 'it is not Slipway’s to delete');
});
