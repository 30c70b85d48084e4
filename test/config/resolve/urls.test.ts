import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseUrl, engineKind, sqliteUrl, urlEngine } from '../../../src/config/resolve/database-url.js';
import { servedPath } from '../../../src/config/resolve/pins/url-path.js';
import { databaseNumber, redisUrl } from '../../../src/config/resolve/redis-url.js';

test('a socket folder goes into the query, encoded', () => {
  const address = { host: '/run/a b', port: '5433', user: 'us er', database: 'd' };
  assert.equal(databaseUrl('postgresql', address), 'postgres://us%20er@/d?host=%2Frun%2Fa%20b&port=5433');
  assert.equal(databaseUrl('mysql', address), 'mysql://us%20er@localhost/d?unix_socket=%2Frun%2Fa%20b');
  assert.equal(databaseUrl('postgresql', { ...address, host: 'db.example' }), 'postgres://us%20er@db.example:5433/d');
  assert.equal(databaseUrl('postgresql', { ...address, host: 'db.example', port: '' }), 'postgres://us%20er@db.example/d');
  assert.deepEqual(databaseUrl('postgresql', { ...address, url: { secret: 'S' } }), { secret: 'S' });
});

test('a SQLite URL is absolute and encoded', () => {
  assert.equal(sqliteUrl('/home/x y/db#1.sqlite3'), 'sqlite:////home/x%20y/db%231.sqlite3');
});

const ENGINES: readonly [string, string][] = [
  ['django.db.backends.sqlite3', 'sqlite'],
  ['django.contrib.gis.db.backends.spatialite', 'sqlite'],
  ['django_prometheus.db.backends.postgresql', 'postgresql'],
  ['django.contrib.gis.db.backends.postgis', 'postgresql'],
  ['django.db.backends.postgresql_psycopg2', 'postgresql'],
  ['psqlextra.backend', 'postgresql'],
  ['mysql.connector.django', 'mysql'],
  ['django.db.backends.oracle', 'other'],
  ['mssql', 'other'],
  ['django.db.backends.dummy', 'none'],
  ['', 'none'],
];
for (const [engine, kind] of ENGINES) test(`${engine || 'no engine'} is ${kind}`, () => assert.equal(engineKind(engine), kind));

const SCHEMES: readonly [string, string | undefined][] = [
  ['postgres://x', 'postgresql'],
  ['postgis://x', 'postgresql'],
  ['postgresql+psycopg://x', 'postgresql'],
  ['mysql2://x', 'mysql'],
  ['sqlite:///x', 'sqlite'],
  ['oracle://x', undefined],
  ['', undefined],
];
for (const [url, engine] of SCHEMES) test(`the engine of ${url || 'nothing'}`, () => assert.equal(urlEngine(url), engine));

test('redis by TCP, by socket, in kombu, and as secrets', () => {
  const tcp = { host: '127.0.0.1', port: 6390 };
  const socket = { host: '', port: 0, socket: '/run/a b/r.sock' };
  assert.equal(redisUrl(tcp), 'redis://127.0.0.1:6390');
  assert.equal(redisUrl({ ...tcp, socket: '/x' }, 3), 'redis://127.0.0.1:6390/3');
  assert.equal(redisUrl(socket, 3), 'unix:///run/a%20b/r.sock?db=3');
  assert.equal(redisUrl(socket, 1, 'kombu'), 'redis+socket:///run/a%20b/r.sock?virtual_host=1');
  assert.deepEqual(redisUrl({ ...tcp, secretUrls: 'R' }), { secret: 'R' });
  assert.deepEqual(redisUrl({ ...tcp, secretUrls: 'R' }, 4), { secret: 'R_4' });
});

const NUMBERS: readonly [string, number | undefined][] = [
  ['redis://localhost:6379/2', 2],
  ['redis://localhost:6379', undefined],
  ['rediss://:pw@h:1/15?ssl=1', 15],
  ['redis://localhost:6379/99', undefined],
  ['unix:///x.sock?db=5', 5],
  ['redis+socket:///x?virtual_host=6', 6],
  ['', undefined],
];
for (const [url, number] of NUMBERS) test(`the database of ${url || 'nothing'}`, () => assert.equal(databaseNumber(url), number));

const PATHS: readonly [string, string][] = [
  ['/static/', '/static/'],
  ['static/', '/static/'],
  ['static', '/static/'],
  ['//cdn.example/s/', '//cdn.example/s/'],
  ['https://cdn.example/s/', 'https://cdn.example/s/'],
  ['/', '/other/'],
  ['', '/other/'],
  ['/a//b', '/a/b/'],
];
for (const [url, path] of PATHS)
  test(`${url || 'nothing'} is served at ${path}`, () => assert.equal(servedPath(url, '/other/'), path));
