import { createHash } from 'node:crypto';
import type { RedisAddress } from '../../config/resolve/input.js';
import { secret } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { redisUrl } from '../../ops/redis.js';
import { redisSteps } from '../../targets/server/redis.js';
import { takesNoPassword } from '../services.js';
import { readJson } from '../toolbox.js';
import type { ServerApp } from './app.js';
import { redisVersion } from './facts.js';

const PASSWORD = 'redis.password';
const URL = 'redis.url';
const DATABASES = 16;
const FIRST_PORT = 6390;

/** Where the app's own instance answers: with a password, unless the project cannot be told one. */
export async function redisAddress(app: ServerApp): Promise<RedisAddress> {
  const port = await redisPort(app);
  if (takesNoPassword(app.project)) return { host: '127.0.0.1', port };
  const password = await app.secrets.ensure(PASSWORD);
  const value = await app.secrets.resolve(PASSWORD);
  await app.secrets.set(URL, redisUrl(port, value));
  for (let number = 0; number < DATABASES; number++) await app.secrets.set(`${URL}_${number}`, redisUrl(port, value, number));
  return { host: '127.0.0.1', port, secretUrls: URL, password };
}

/** An instance of the system's Redis that is the app's alone. */
export async function ownRedis(app: ServerApp): Promise<Step[]> {
  const password = takesNoPassword(app.project) ? undefined : await app.secrets.resolve(PASSWORD);
  return redisSteps(
    {
      product: 'redis',
      version: redisVersion(app.facts),
      key: app.name,
      port: await redisPort(app),
      use: 'both',
      memory: app.facts.memory,
      ...(password === undefined
        ? {}
        : { password: { value: secret(PASSWORD), sha256: createHash('sha256').update(password).digest('hex') } }),
    },
    app.place,
  );
}

/** Chosen once and kept: the first that nobody listens on and no other app has. */
async function redisPort(app: ServerApp): Promise<number> {
  const file = `${app.at.state}/redis.json`;
  const known = await readJson(app.system, file);
  if (typeof known === 'object' && known !== null && 'port' in known && typeof known.port === 'number') return known.port;
  const script =
    'ss -Hltn | sed "s/.*:\\([0-9]*\\) .*/\\1/"; sed -n "s/.*"port":\\([0-9]*\\).*/\\1/p" /srv/*/redis.json 2>/dev/null';
  const { stdout } = await app.system.exec({ argv: ['sh', '-c', script], timeoutSeconds: 30 });
  const taken = new Set(stdout.split('\n').map(Number));
  const port = Array.from({ length: 100 }, (_, index) => FIRST_PORT + index).find((candidate) => !taken.has(candidate));
  if (port === undefined)
    throw new Failure('PORT_TAKEN', 'conflict', `No free port for Redis on ${app.system.name}`, { hint: 'ss -ltn' });
  await app.system.write(file, JSON.stringify({ port }));
  return port;
}
