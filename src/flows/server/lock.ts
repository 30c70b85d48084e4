import { hostname, userInfo } from 'node:os';
import { Failure } from '../../core/failure.js';
import type { ServerApp } from './app.js';
import type { Fleet } from './fleet.js';

interface Holder {
  readonly who: string;
  readonly command: string;
  /** RFC 3339, by the holder's clock. */
  readonly since: string;
}

const TAKEN = 75;
const HELD = 'slipway-lock-held';

/**
 * Does the work as the only one who changes the app on its hosts. They are locked in the order of their names, whatever their order in
 * slipway.yml: of two who begin at once, one gets all of them.
 * @throws Failure LOCKED (conflict) naming who holds it, and since when
 */
export function withFleetLock<T>(fleet: Fleet, command: string, work: () => Promise<T>): Promise<T> {
  const inOrder = [...fleet.hosts].sort((a, b) => (a.place.name < b.place.name ? -1 : 1));
  return inOrder.reduceRight<() => Promise<T>>((inner, app) => () => withHostLock(app, command, inner), work)();
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
  const script = 'printf %s "$2" > "$1.holder" && echo "$3" && exec sleep infinity';
  let held: () => void = () => {};
  const isHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const holding = app.system.exec(
    {
      argv: ['flock', '--nonblock', '--no-fork', '--conflict-exit-code', String(TAKEN), file].concat([
        'sh',
        '-c',
        script,
        'sh',
        file,
        JSON.stringify(holder),
        HELD,
      ]),
    },
    { signal: end.signal, onLine: (line) => line === HELD && held() },
  );
  const ended = holding.then(async ({ code, stderr }) => {
    if (code === TAKEN) throw await taken(app, file);
    throw new Failure('LOCK_LOST', 'connection', `The lock ${file} on ${app.system.name} could not be held`, { detail: stderr });
  });
  ended.catch(() => {});
  try {
    await Promise.race([isHeld, ended]);
    return await Promise.race([work(), ended]);
  } finally {
    end.abort();
  }
}

async function taken(app: ServerApp, file: string): Promise<Failure> {
  const text = await app.system.read(`${file}.holder`);
  const holder = parseHolder(text);
  const who = holder === undefined ? 'Somebody' : `\`slipway ${holder.command}\` of ${holder.who}`;
  return new Failure(
    'LOCKED',
    'conflict',
    `${who} is at work on ${app.name} at ${app.system.name}${holder === undefined ? '' : ` since ${holder.since}`}`,
    { hint: 'wait for it, and run this again' },
  );
}

function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null || !('who' in value) || !('command' in value) || !('since' in value))
      return undefined;
    return { who: String(value.who), command: String(value.command), since: String(value.since) };
  } catch {
    return undefined;
  }
}
