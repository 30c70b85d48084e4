import { createHash } from 'node:crypto';
import type { RedisAddress } from '../../config/resolve/input.js';
import { secret } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { redisUrl } from '../../ops/redis.js';
import { packageStep } from '../../targets/server/base.js';
import { redisSteps } from '../../targets/server/redis.js';
import { type RedisTunnel, TUNNEL_PACKAGES, tunnelClientSteps, tunnelServerSteps } from '../../targets/server/redis-tunnel.js';
import { takesNoPassword } from '../services.js';
import { readJson } from '../toolbox.js';
import type { ServerApp } from './app.js';
import { redisVersion } from './facts.js';
import type { Fleet } from './fleet.js';
import { type Network, networkOf } from './network.js';

const PASSWORD = 'redis.password';
const URL = 'redis.url';
const TUNNEL = 'redis.tunnel';
const DATABASES = 16;
const FIRST_PORT = 6390;

/** Where the app's Redis runs: beside its database, else where its releases are made. */
export const redisHost = ({ database, first }: Fleet): ServerApp => database ?? first;

/** Where the app's Redis is, and who comes to it from other hosts. */
export interface RedisHost {
  readonly app: ServerApp;
  readonly port: number;
  readonly network?: Network;
}

/** @param choose a port, where none has been chosen yet; without, there is then none to be told */
export async function redisPlace(fleet: Fleet, choose: boolean): Promise<RedisHost | undefined> {
  const app = redisHost(fleet);
  const clients = fleet.apps.filter((each) => each !== app);
  const port = choose ? await redisPort(fleet) : await knownPort(app);
  if (port === undefined) return undefined;
  return clients.length === 0 ? { app, port } : { app, port, network: await networkOf(app, clients) };
}

/** Where the app's own instance answers, on each of its hosts: with a password, unless the project cannot be told one. */
export async function redisAddress(fleet: Fleet): Promise<RedisAddress> {
  const app = redisHost(fleet);
  const port = await redisPort(fleet);
  if (takesNoPassword(app.project)) return { host: '127.0.0.1', port };
  const password = await app.secrets.ensure(PASSWORD);
  const value = await app.secrets.resolve(PASSWORD);
  await app.secrets.set(URL, redisUrl(port, value));
  for (let number = 0; number < DATABASES; number++) await app.secrets.set(`${URL}_${number}`, redisUrl(port, value, number));
  return { host: '127.0.0.1', port, secretUrls: URL, password };
}

/** An instance of the system's Redis that is the app's alone; then, once it runs, the way to it from the app's other hosts. */
export async function ownRedis(fleet: Fleet): Promise<Step[][]> {
  const app = redisHost(fleet);
  const port = await redisPort(fleet);
  const password = takesNoPassword(app.project) ? undefined : await app.secrets.resolve(PASSWORD);
  const own = redisSteps(
    {
      product: 'redis',
      version: redisVersion(app.facts),
      key: app.name,
      port,
      use: 'both',
      memory: app.facts.memory,
      ...(password === undefined
        ? {}
        : { password: { value: secret(PASSWORD), sha256: createHash('sha256').update(password).digest('hex') } }),
    },
    app.place,
  );
  const clients = fleet.apps.filter((each) => each !== app);
  if (clients.length === 0) return [own];
  const tunnel: RedisTunnel = {
    options: { layout: app.at, key: app.name },
    ...(await networkOf(app, clients)),
    port,
    secret: await tunnelSecret(app),
    ...(password === undefined ? {} : { password: secret(PASSWORD) }),
  };
  return [[...own, ...tunnelServerSteps(tunnel, app.place)], clients.flatMap(({ place }) => tunnelClientSteps(tunnel, place))];
}

/** What of it can be told before its password is made. */
export function redisPackages(fleet: Fleet): Step[] {
  const app = redisHost(fleet);
  const clients = fleet.apps.filter((each) => each !== app);
  const tunnelled = clients.length === 0 ? [] : [app, ...clients];
  return [
    packageStep(app.place, 'redis.packages', ['redis-server']),
    ...tunnelled.map(({ place }) => packageStep(place, 'redis.tunnel-packages', TUNNEL_PACKAGES)),
  ];
}

/** A name, and 32 bytes in hexadecimal digits, as both ends take them. */
async function tunnelSecret({ secrets, name }: ServerApp) {
  await secrets.ensure(`${TUNNEL}.seed`);
  const key = createHash('sha256')
    .update(await secrets.resolve(`${TUNNEL}.seed`))
    .digest('hex');
  await secrets.set(TUNNEL, `${name}:${key}`);
  return secret(TUNNEL);
}

const portFile = ({ at }: ServerApp): string => `${at.state}/redis.json`;

async function knownPort(app: ServerApp): Promise<number | undefined> {
  const known = await readJson(app.system, portFile(app));
  return typeof known === 'object' && known !== null && 'port' in known && typeof known.port === 'number'
    ? known.port
    : undefined;
}

/** Chosen once and kept: the first that on no host anybody listens on and no other app has. */
async function redisPort(fleet: Fleet): Promise<number> {
  const app = redisHost(fleet);
  const known = await knownPort(app);
  if (known !== undefined) return known;
  const script =
    'ss -Hltn | sed "s/.*:\\([0-9]*\\) .*/\\1/"; sed -n "s/.*"port":\\([0-9]*\\).*/\\1/p" /srv/*/redis.json 2>/dev/null';
  const said = await Promise.all(
    [...new Set([app, ...fleet.apps])].map(({ system }) => system.exec({ argv: ['sh', '-c', script], timeoutSeconds: 30 })),
  );
  const taken = new Set(said.flatMap(({ stdout }) => stdout.split('\n').map(Number)));
  const port = Array.from({ length: 100 }, (_, index) => FIRST_PORT + index).find((candidate) => !taken.has(candidate));
  if (port === undefined)
    throw new Failure('PORT_TAKEN', 'conflict', `No free port for Redis on ${app.system.name}`, { hint: 'ss -ltn' });
  await app.system.write(portFile(app), JSON.stringify({ port }));
  return port;
}
