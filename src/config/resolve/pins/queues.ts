import type { Warning } from '../../../core/failure.js';
import type { Json } from '../../../core/plan.js';
import { databaseNumber, REDIS_DATABASE, redisUrl } from '../redis-url.js';
import { type Area, entries, fact, isDict, isExplicit, merge, type PinContext, value } from './context.js';

const REASON = 'Redis is run by Slipway for this app';
type Entry = { readonly [key: string]: Json };

/** Task queues that are told their Redis by a dict. Celery's are plain settings: see redis-settings. */
export function queues(context: PinContext): Area {
  if (context.redis === undefined) return { warnings: eager(context) };
  const url = redisUrl(context.redis, REDIS_DATABASE.queue);
  return {
    pins: [...rq(context), ...djangoQ(context, url), ...huey(context, url), ...dramatiq(context, url)],
    warnings: [...eager(context), ...opaqueHuey(context)],
  };
}

const ADDRESS: Entry = { HOST: null, PORT: null, DB: null, PASSWORD: null, USERNAME: null, UNIX_SOCKET_PATH: null, SSL: null };

function rq(context: PinContext) {
  const { redis } = context;
  if (redis === undefined) return [];
  const changed = entries(value(context, 'RQ_QUEUES')).flatMap(([name, queue]) => {
    if (!isDict(queue) || 'USE_REDIS_CACHE' in queue) return [];
    const number = typeof queue['URL'] === 'string' ? databaseNumber(queue['URL']) : queue['DB'];
    return [[name, { ...ADDRESS, URL: redisUrl(redis, typeof number === 'number' ? number : REDIS_DATABASE.queue) }] as const];
  });
  return changed.length === 0 ? [] : [merge('RQ_QUEUES', Object.fromEntries(changed), REASON)];
}

function djangoQ(context: PinContext, url: Json) {
  const cluster = value(context, 'Q_CLUSTER');
  return isDict(cluster) && 'redis' in cluster ? [merge('Q_CLUSTER', { redis: url }, REASON)] : [];
}

function huey(context: PinContext, url: Json) {
  const known = value(context, 'HUEY');
  if (!isDict(known) || !/Redis|^undefined$/.test(String(known['huey_class']))) return [];
  const connection = { url, host: null, port: null, db: null, password: null, connection_pool: null };
  return [merge('HUEY', { connection }, REASON)];
}

function opaqueHuey(context: PinContext): Warning[] {
  if (!isExplicit(context, 'HUEY') || isDict(value(context, 'HUEY')) || fact(context, 'HUEY')?.redacted === true) return [];
  const message = 'HUEY is an object that the settings make themselves: Slipway cannot point it at another Redis';
  return [{ code: 'huey-object', message, hint: 'make HUEY a dict, or read its address from REDIS_URL' }];
}

function dramatiq(context: PinContext, url: Json) {
  const known = value(context, 'DRAMATIQ_BROKER');
  if (!isDict(known) || !/Redis|Rabbit/.test(String(known['BROKER']))) return [];
  const broker = {
    BROKER: 'dramatiq.brokers.redis.RedisBroker',
    OPTIONS: { url, host: null, port: null, db: null, parameters: null },
  };
  return [merge('DRAMATIQ_BROKER', broker, REASON)];
}

function eager(context: PinContext): Warning[] {
  const name = ['CELERY_TASK_ALWAYS_EAGER', 'CELERY_ALWAYS_EAGER'].find((eagerly) => value(context, eagerly) === true);
  if (name === undefined) return [];
  const message = `${name} is on: tasks run inside the request, and the worker has nothing to do`;
  return [{ code: 'eager-tasks', message, hint: `settings: {${name}: false} in slipway.yml` }];
}
