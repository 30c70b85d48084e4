import { readFile } from 'node:fs/promises';
import { freePort, isPortFree, wantedPort } from '../hosts/ports.js';
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

/**
 * The ports kept from before where nothing else was asked for and nobody else has taken them meanwhile. `running`: the app's own edge holds them.
 * @throws Failure PORT_TAKEN for a port that was asked for
 */
export async function choosePorts(app: App, wanted: WantedPorts, running: boolean): Promise<Ports> {
  const kept = await readPorts(app);
  const taken: number[] = [];
  const choose = async (name: keyof Ports, asked: number | undefined, option: string): Promise<number> => {
    const before = kept?.[name];
    const port = await chosen(before, asked, option, FIRST[name], taken, running);
    taken.push(port);
    return port;
  };
  const ports: Ports = {
    https: await choose('https', wanted.port, '--port'),
    http: await choose('http', wanted.httpPort, '--http-port'),
    redis: await choose('redis', undefined, ''),
  };
  await app.host.write(stateFiles(app.at).ports, JSON.stringify(ports) + '\n');
  return ports;
}

async function chosen(
  before: number | undefined,
  asked: number | undefined,
  option: string,
  first: number,
  taken: readonly number[],
  running: boolean,
): Promise<number> {
  if (before !== undefined && running && (asked === undefined || asked === before)) return before;
  if (asked !== undefined) return wantedPort(asked, option);
  if (before !== undefined && !taken.includes(before) && (await isPortFree(before))) return before;
  return freePort(first, taken);
}

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
