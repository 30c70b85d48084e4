import { readFile } from 'node:fs/promises';
import { Failure } from '../core/failure.js';
import { holdPort, wantedPort } from '../hosts/ports.js';
import { stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';

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

/** Chosen ports, held until `free` is called: of two apps that come up at the same time, each gets its own. */
export interface ClaimedPorts {
  readonly ports: Ports;
  /** Lets go of the services' ports, when these are about to take them. */
  readonly freeServices: () => Promise<void>;
  readonly free: () => Promise<void>;
}

/**
 * The ports kept from before where nothing else was asked for and nobody else has taken them meanwhile. `running`: the app's own edge holds them.
 * @throws Failure PORT_TAKEN for a port that was asked for
 */
export async function choosePorts(app: App, wanted: WantedPorts, running: boolean): Promise<ClaimedPorts> {
  const kept = await readPorts(app);
  const claims = new Map<number, () => Promise<void>>();
  const free = async () => {
    for (const release of claims.values()) await release();
  };
  const claim = async (port: number): Promise<boolean> => {
    const release = await holdPort(port);
    if (release !== undefined) claims.set(port, release);
    return release !== undefined;
  };
  const choose = async (name: keyof Ports, asked: number | undefined, option: string): Promise<number> => {
    const before = kept?.[name];
    if (before !== undefined && running && (asked === undefined || asked === before)) return before;
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
    return { ports, free, freeServices: async () => claims.get(ports.redis)?.() };
  } catch (error) {
    await free();
    throw error;
  }
}

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
