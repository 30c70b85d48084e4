import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confString, pgIdentConf, postgresqlConf } from '../../src/templates/postgresql-conf.js';
import { redisConf, redisWord } from '../../src/templates/redis-conf.js';

const GB = 2 ** 30;

test('PostgreSQL is sized to the machine, within bounds', () => {
  const conf = (memory: number, tcp = false) =>
    postgresqlConf({ data: '/d', hbaFile: '/h', identFile: '/i', socketFolder: '/s', memory, port: 5432, tcp });
  for (const [memory, shared, work] of [
    [GB / 4, '16MB', '2MB'],
    [4 * GB, '256MB', '4MB'],
    [256 * GB, '1024MB', '16MB'],
  ] as const) {
    assert.match(conf(memory), new RegExp(`^shared_buffers = '${shared}'$`, 'm'));
    assert.match(conf(memory), new RegExp(`^work_mem = '${work}'$`, 'm'));
  }
  assert.match(conf(GB), /^listen_addresses = ''$/m);
  assert.match(conf(GB, true), /^listen_addresses = '127\.0\.0\.1'$/m);
  assert.match(conf(GB), /^unix_socket_directories = '"\/s"'$/m);
});

test('its strings cannot end early or begin a line', () => {
  assert.equal(confString("a'b\\c\nd"), "'a''b\\\\c\\nd'");
  assert.match(
    pgIdentConf(['postgres', 'root', 'd\\u ser']),
    /^slipway {2}"postgres" {2}postgres\nslipway {2}"root" {2}postgres\nslipway {2}"d\\u ser" {2}postgres\n$/,
  );
  for (const user of ['a"b', 'a\nb', '', '/regex']) assert.throws(() => pgIdentConf([user]), { code: 'UNSAFE_VALUE' }, user);
});

test("Redis' words are quoted byte by byte", () => {
  const table = [
    ['/run/x.sock', '/run/x.sock'],
    ['', '""'],
    ['a b', '"a b"'],
    ['#x', '"#x"'],
    ['a"\\b\n', '"a\\"\\\\b\\x0a"'],
    ['é', '"\\xc3\\xa9"'],
  ] as const;
  for (const [text, word] of table) assert.equal(redisWord(text), word);
});

test('Redis keeps what its use needs, and never a password', () => {
  const conf = (use: 'cache' | 'broker' | 'both', more: { version?: string; passwordHash?: string } = {}) =>
    redisConf({ version: '7.0.15', data: '/d', socket: '/s', port: 6390, use, memory: GB, ...more });
  assert.match(conf('broker'), /^maxmemory 134217728\nmaxmemory-policy noeviction\nappendonly yes$/m);
  assert.match(conf('cache'), /maxmemory-policy allkeys-lru\nappendonly no/);
  assert.match(conf('both'), /maxmemory-policy volatile-lru\nappendonly yes/);
  const passwordHash = 'ab'.repeat(32);
  assert.match(conf('both', { passwordHash }), new RegExp(`^user default on "?#${passwordHash}"? ~\\* &\\* \\+@all$`, 'm'));
  assert.ok(!conf('both', { passwordHash, version: '6.0.16' }).includes('&*'));
  assert.ok(!conf('both').includes('user default'));
  assert.throws(() => conf('both', { passwordHash: 'secret' }), { code: 'UNSAFE_VALUE' });
});
