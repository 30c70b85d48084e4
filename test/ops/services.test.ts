import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePostgres, findPostgres } from '../../src/ops/postgresql.js';
import { chooseRedis } from '../../src/ops/redis.js';
import { type FoundPrograms, parsePrograms, versionIn } from '../../src/ops/service-programs.js';

const found = (...programs: (readonly [string, string])[]): FoundPrograms => ({
  programs: programs.map(([path, version]) => ({ path, version })),
  me: 'alice',
  utf8: true,
});

test('versions as programs tell them', () => {
  const table = [
    ['postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)', '15.14'],
    ['postgres (PostgreSQL) 18beta1', undefined],
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '7.0.15'],
    ['Valkey server v=9.1.2 sha=0:0 malloc=libc bits=64', '9.1.2'],
    ['mariadbd  Ver 10.11.11-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64', '10.11.11'],
    ['/usr/sbin/mysqld  Ver 8.0.43 for Linux on x86_64 (MySQL Community Server - GPL)', '8.0.43'],
    ['', undefined],
  ] as const;
  for (const [said, version] of table) assert.equal(versionIn(said), version, said);
});

test('the newest PostgreSQL, or the one that made the data', () => {
  const both = found(
    ['/usr/lib/postgresql/15/bin/postgres', 'postgres (PostgreSQL) 15.14'],
    ['/usr/lib/postgresql/9.6/bin/postgres', 'postgres (PostgreSQL) 9.6.24'],
    ['/usr/lib/postgresql/17/bin/postgres', 'postgres (PostgreSQL) 17.2'],
  );
  assert.deepEqual(choosePostgres(both), { bin: '/usr/lib/postgresql/17/bin', version: '17.2' });
  assert.deepEqual(choosePostgres(both, '15\n'), { bin: '/usr/lib/postgresql/15/bin', version: '15.14' });
  assert.throws(() => choosePostgres(both, '16\n'), { code: 'POSTGRES_VERSION_MISMATCH', hint: /postgresql-16/ });
  assert.throws(() => choosePostgres(found(), undefined), { code: 'POSTGRES_MISSING', kind: 'environment' });
  assert.throws(() => choosePostgres(found(['/x/postgres', 'some other thing 3.1'])), { code: 'POSTGRES_MISSING' });
});

test("the system's Redis before the embedded one, an old one not at all", () => {
  const embedded = ['/t/valkey-server', 'Valkey server v=9.1.2 sha=0'] as const;
  const system = ['/usr/bin/redis-server', 'Redis server v=7.0.15 sha=0'] as const;
  const old = ['/usr/bin/redis-server', 'Redis server v=5.0.14 sha=0'] as const;
  assert.equal(chooseRedis(found(embedded, system), '/t/valkey-server').product, 'redis');
  assert.equal(chooseRedis(found(embedded, old), '/t/valkey-server').product, 'valkey');
  assert.throws(() => chooseRedis(found(old)), { code: 'REDIS_MISSING' });
});

test('the answer of a host is read, oddities and all', () => {
  const text =
    'program\t/a b/postgres\tpostgres (PostgreSQL) 17.2\nprogram\t/a b/postgres\tpostgres (PostgreSQL) 17.2\nnoise\nme\troot\nuser\tpostgres\ncharmap\tUTF-8\n';
  assert.deepEqual(parsePrograms(text), {
    programs: [{ path: '/a b/postgres', version: 'postgres (PostgreSQL) 17.2' }],
    me: 'root',
    dropTo: 'postgres',
    utf8: true,
  });
  assert.equal(parsePrograms('charmap\tANSI_X3.4-1968\n').utf8, false);
  const { argv } = findPostgres("/odd'; rm -rf $HOME/bin");
  assert.equal(argv.at(-1), "/odd'; rm -rf $HOME/bin/postgres", 'a path is an argument, never a part of the script');
});
