import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { mysqlUrl } from '../../src/ops/mysql.js';
import { postgresTcpUrl, postgresUrl } from '../../src/ops/postgresql-database.js';
import { redisUrl } from '../../src/ops/redis.js';
import { pipEnvironment } from './lab/pip-environment.js';

const run = promisify(execFile);

/** What Django's backends would connect with: `OPTIONS` are laid over the rest, as in django/db/backends/…/base.py. */
const PARSE = `
import json, sys, dj_database_url, environ
def parts(config):
    options = dict(config.get('OPTIONS') or {})
    host = options.pop('host', '') or options.pop('unix_socket', '') or config['HOST']
    port = options.pop('port', '') or config['PORT']
    assert not options, options
    return [config['ENGINE'].rsplit('.', 1)[1], config['USER'], config['PASSWORD'], config['NAME'], host, str(port)]
print(json.dumps([[parts(dj_database_url.parse(url)), parts(environ.Env.db_url_config(url))] for url in sys.argv[1:]]))
`;

test('DATABASE_URL is read alike by dj-database-url and django-environ, old and new', async () => {
  const postgres = { socketFolder: '/tmp/Slipway é/pg', port: 5432, role: 'app', database: 'shop-1', password: 'p%40ss:w/d' };
  const mysql = { socket: '/tmp/My Run/m.sock', role: 'app', database: 'shop', password: 'abc123' };
  const { socketFolder, ...loopback } = postgres;
  const urls = [
    postgresUrl(postgres),
    postgresUrl({ ...postgres, port: 15432 }, 'postgis'),
    postgresTcpUrl({ ...loopback, port: 15432 }),
    mysqlUrl(mysql),
  ];
  const wanted = [
    ['postgresql', 'app', postgres.password, 'shop-1', socketFolder, ''],
    ['postgis', 'app', postgres.password, 'shop-1', socketFolder, '15432'],
    ['postgresql', 'app', postgres.password, 'shop-1', '127.0.0.1', '15432'],
    ['mysql', 'app', 'abc123', 'shop', mysql.socket, ''],
  ];
  for (const requirements of [
    ['dj-database-url==3.1.2', 'django-environ==0.14.0', 'django==5.2.*'],
    ['dj-database-url==0.5.0', 'django-environ==0.4.5', 'django==3.2.*', 'six'],
  ]) {
    const { stdout } = await run(join(await pipEnvironment(requirements), 'python'), ['-W', 'ignore', '-c', PARSE, ...urls]);
    const read: unknown = JSON.parse(stdout.replaceAll('postgresql_psycopg2', 'postgresql'));
    assert.deepEqual(
      read,
      wanted.map((parts) => [parts, parts]),
      requirements.join(' '),
    );
  }
});

const CLIENTS = `
import json, sys
url = sys.argv[1]
import redis, kombu, environ
from channels_redis.utils import decode_hosts, create_pool
one = redis.ConnectionPool.from_url(url).connection_kwargs
two = kombu.Connection(url).info()
three = environ.Env.cache_url_config(url)
four = create_pool(decode_hosts([url])[0]).connection_kwargs
print(json.dumps([[one['host'], one['port'], one['password']], [two['hostname'], two['port'], two['password']], three['LOCATION'], [four['host'], four['port'], four['password']]]))
`;

test('REDIS_URL is read alike by redis-py, Celery, channels_redis and django-environ', async () => {
  const bin = await pipEnvironment([
    'redis==5.2.1',
    'kombu==5.5.4',
    'channels_redis==4.3.0',
    'django-environ==0.14.0',
    'django==5.2.*',
  ]);
  const url = redisUrl(16390, 'abc123', 2);
  const { stdout } = await run(join(bin, 'python'), ['-c', CLIENTS, url]);
  const address = ['127.0.0.1', 16390, 'abc123'];
  assert.deepEqual(JSON.parse(stdout), [address, address, url, address]);
});
