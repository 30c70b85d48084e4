import { hostname, userInfo } from 'node:os';
import { Failure } from '../../core/failure.js';
import { EDGE_IS_OURS } from '../../targets/server/base.js';
import type { ServerApp } from './app.js';
import type { Fleet } from './fleet.js';

interface Holder {
  readonly who: string;
  readonly command: string;
  /** RFC 3339, by the holder's clock. */
  readonly since: string;
}

/**
 * Does the work as the only one who changes the app on its hosts. They are locked in the order of their names, whatever their order in
 * slipway.yml: of two who begin at once, one gets all of them.
 * @throws Failure LOCKED (conflict) naming who holds it, and since when
 */
export function withFleetLock<T>(fleet: Fleet, command: string, work: () => Promise<T>): Promise<T> {
  const inOrder = [...fleet.hosts].sort((a, b) => (a.place.name < b.place.name ? -1 : 1));
  return inOrder.reduceRight<() => Promise<T>>((inner, app) => () => withHostLock(app, command, inner), work)();
}

/** Of what Slipway keeps on a host, what a deployment asks for in any case. Only who holds the lock changes it. */
function kept({ at, place }: ServerApp): string[] {
  const { state, home } = at;
  const releases = `${state}/releases`;
  return [
    ...[`${state}/live`, `${releases}/`, `${state}/static/`, `${state}/hosts.json`, `${state}/redis.json`],
    ...['release.json', 'ready', 'verified'].map((name) => `${releases}/*/${name}`),
    ...[`${state}/cache/interpreter.json`, `${state}/cache/examples.json`, `${state}/cache/key-file.json`],
    ...[`${state}/cache/probe-*.json`, `${state}/static/*/collected.json`, `${state}/data/migrated.json`, EDGE_IS_OURS],
    ...[`${place.package}/.complete`, `${home}/tools/*/venv/.complete`, `${home}/environments/*/packages.json`],
  ];
}

/**
 * Does the work as the only one who changes the app on this host. The lock is held by a process there that ends with our connection: whoever
 * holds it is alive.
 * @throws Failure LOCKED (conflict) naming who holds it, and since when
 */
async function withHostLock<T>(app: ServerApp, command: string, work: () => Promise<T>): Promise<T> {
  const end = new AbortController();
  const holder: Holder = { who: `${userInfo().username}@${hostname()}`, command, since: new Date().toISOString() };
  const file = `/run/lock/slipway-${app.name}`;
  try {
    const wish = { file, holder: JSON.stringify(holder), survey: kept(app) };
    const lock = await app.connection.lock(wish, end.signal).catch((error: unknown) => notHeld(app, file, error));
    if ('holder' in lock) throw taken(app, parseHolder(lock.holder));
    return await Promise.race([work(), lock.ended.catch((error: unknown) => notHeld(app, file, error))]);
  } finally {
    end.abort();
  }
}

function notHeld(app: ServerApp, file: string, error: unknown): never {
  const cause = Failure.from(error);
  if (cause.kind === 'connection' || cause.kind === 'cancelled') throw cause;
  throw new Failure('LOCK_LOST', 'connection', `The lock ${file} on ${app.system.name} could not be held`, {
    detail: cause.message,
    cause,
  });
}

const taken = (app: ServerApp, holder: Holder | undefined): Failure =>
  new Failure(
    'LOCKED',
    'conflict',
    `${holder === undefined ? 'Somebody' : `\`slipway ${holder.command}\` of ${holder.who}`} is at work on ${app.name} at ${app.system.name}${holder === undefined ? '' : ` since ${holder.since}`}`,
    { hint: 'wait for it, and run this again' },
  );

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('who' in value) || !('command' in value) || !('since' in value))
      return undefined;
    return { who: String(value.who), command: String(value.command), since: String(value.since) };
  } catch {
    return undefined;
  }
}
