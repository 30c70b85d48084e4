import { readFile } from 'node:fs/promises';
import { Failure } from '../core/failure.js';
import { claimPort, holdPort, wantedPort } from '../hosts/ports.js';
import { stateFiles } from '../targets/local/layout.js';
import { REDIS_GROUP } from '../targets/local/redis.js';
import type { App } from './app.js';
import { processesOf } from './processes.js';

/** The ports of an app, chosen once and kept, so that its address stays the same. */
export interface Ports {
  readonly https: number;
  readonly http: number;
  readonly redis: number;
}

export interface WantedPorts {
  readonly port?: number;
  readonly httpPort?: number;
}

const FIRST = { https: 8443, http: 8080, redis: 6390 } as const;

/**
 * Chosen ports: of two apps that come up at the same time, each gets its own. They are held by listening on them, so that no program takes
 * them, and claimed, so that no other `up` of whoever takes them in the moment between our letting go and the edge's taking over.
 */
export interface ClaimedPorts {
  readonly ports: Ports;
  /** Lets go of all of them; the claims stay. */
  readonly letGo: () => Promise<void>;
  /** Lets go of the services' ports, when these are about to take them. */
  readonly freeServices: () => Promise<void>;
  readonly free: () => Promise<void>;
}

/**
 * The ports kept from before where nothing else was asked for and nobody else has taken them meanwhile. `running`: the app's own
 * edge holds its ports. Its Redis can run without that, after a first `up` that was ended on the way, and holds its own.
 * @throws Failure PORT_TAKEN for a port that was asked for
 */
export async function choosePorts(app: App, wanted: WantedPorts, running: boolean): Promise<ClaimedPorts> {
  const kept = await readPorts(app);
  const own = { https: running, http: running, redis: running || (await runsRedis(app)) };
  const held = new Map<number, () => Promise<void>>();
  const claims: (() => Promise<void>)[] = [];
  const letGo = async () => {
    for (const release of held.values()) await release();
  };
  const free = async () => {
    await letGo();
    for (const release of claims) await release();
  };
  const claim = async (port: number): Promise<boolean> => {
    const claimed = await claimPort(port);
    if (claimed === undefined) return false;
    claims.push(claimed);
    const release = await holdPort(port);
    if (release !== undefined) held.set(port, release);
    return release !== undefined;
  };
  const choose = async (name: keyof Ports, asked: number | undefined, option: string): Promise<number> => {
    const before = kept?.[name];
    if (before !== undefined && own[name] && (asked === undefined || asked === before)) return before;
    if (asked !== undefined) {
      await wantedPort(asked, option);
      if (await claim(asked)) return asked;
      throw new Failure('PORT_TAKEN', 'conflict', `Port ${asked} is being taken by another app that is coming up`, {
        hint: `choose another with ${option} N`,
      });
    }
    for (const port of candidates(before, FIRST[name])) if (await claim(port)) return port;
    throw new Failure('PORT_TAKEN', 'conflict', `No free port between ${FIRST[name]} and ${FIRST[name] + MOST - 1}`, {
      hint: 'ss -tlnp',
    });
  };
  try {
    const ports: Ports = {
      https: await choose('https', wanted.port, '--port'),
      http: await choose('http', wanted.httpPort, '--http-port'),
      redis: await choose('redis', undefined, ''),
    };
    await app.host.write(stateFiles(app.at).ports, JSON.stringify(ports) + '\n');
    return { ports, free, letGo, freeServices: async () => held.get(ports.redis)?.() };
  } catch (error) {
    await free();
    throw error;
  }
}

const runsRedis = async (app: App): Promise<boolean> =>
  (await processesOf(app)).some(({ group, state }) => group === REDIS_GROUP && state === 'running');

const MOST = 100;

const candidates = (before: number | undefined, first: number): number[] => [
  ...(before === undefined ? [] : [before]),
  ...Array.from({ length: MOST }, (_, index) => first + index),
];

/** undefined before the first `up`. */
export async function readPorts(app: App): Promise<Ports | undefined> {
  const text = await readFile(stateFiles(app.at).ports, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return isPorts(value) ? value : undefined;
}

const isPorts = (value: unknown): value is Ports =>
  typeof value === 'object' &&
  value !== null &&
  ['https', 'http', 'redis'].every((name) => name in value && typeof Reflect.get(value, name) === 'number');
