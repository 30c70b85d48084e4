import type { DatabaseFact } from '../../../core/facts.js';
import type { Json } from '../../../core/plan.js';
import { engineKind, type ServerKind } from '../database-url.js';
import { django, type PinContext } from './context.js';

type Entry = { readonly [key: string]: Json };

/** Seconds a connection is kept for the next request: https://docs.djangoproject.com/en/stable/ref/databases/#persistent-connections */
const KEEP_SECONDS = 60;
const LOCK_SECONDS = 20;

/** Readers do not wait for the writer, a writer waits for another, and asks before it starts. */
const OPEN_SQLITE = 'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;';

/** What of the options SQLite would not know, or should know. The project's own stay. */
export function sqliteOptions(context: PinContext, fact: DatabaseFact): Entry {
  const wanted: Entry = {
    timeout: LOCK_SECONDS,
    ...(django(context, '5.1') ? { init_command: OPEN_SQLITE } : {}),
    // Where every request is a transaction, even readers would queue for the write lock.
    ...(django(context, '5.1') && !fact.atomicRequests ? { transaction_mode: 'IMMEDIATE' } : {}),
  };
  const moved = engineKind(fact.engine) !== 'sqlite';
  const missing = Object.entries(wanted).filter(([name]) => moved || !fact.options.includes(name));
  // `dj_database_url.config(ssl_require=True)` says this to every engine.
  const foreign = fact.options.filter((name) => moved || /^ssl/.test(name)).map((name) => [name, null] as const);
  return optionsEntry([...foreign, ...missing]);
}

/** Options that would lead away from Slipway's own server, or that another engine left behind. */
export function serverOptions(fact: DatabaseFact, kind: ServerKind): Entry {
  const moved = engineKind(fact.engine) !== kind;
  const gone = fact.options.filter((name) => moved || AWAY.test(name));
  return optionsEntry(gone.map((name) => [name, null] as const));
}

const AWAY = /^(ssl.*|host|hostaddr|port|user|dbname|password|passfile|service|unix_socket|read_default_file)$/;

/**
 * Kept open under WSGI. Under ASGI threads come and go, so that kept connections pile up:
 * https://docs.djangoproject.com/en/stable/ref/databases/#caveats
 */
export function connectionAge(context: PinContext, fact: DatabaseFact): Entry | undefined {
  if (staysSqlite(context, fact)) return undefined;
  if (fact.options.includes('pool')) return undefined;
  if (context.interface === 'asgi') return fact.connMaxAge === 0 ? undefined : { CONN_MAX_AGE: 0 };
  return {
    ...(fact.connMaxAge === 0 ? { CONN_MAX_AGE: KEEP_SECONDS } : {}),
    ...(django(context, '4.1') ? { CONN_HEALTH_CHECKS: true } : {}),
  };
}

function staysSqlite({ database }: PinContext, fact: DatabaseFact): boolean {
  const kind = database.kind === 'given' ? (database.engine ?? engineKind(fact.engine)) : database.kind;
  return engineKind(fact.engine) === 'sqlite' && kind !== 'postgresql' && kind !== 'mysql';
}

function optionsEntry(options: readonly (readonly [string, Json])[]): Entry {
  return options.length === 0 ? {} : { OPTIONS: Object.fromEntries(options) };
}
