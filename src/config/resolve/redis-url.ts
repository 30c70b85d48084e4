import { type Arg, secret } from '../../core/command.js';
import type { RedisAddress } from './input.js';

/**
 * One server for each app, so its numbered databases keep the roles apart: clearing a cache empties its whole database. `app` is what a bare
 * `REDIS_URL` means. The others are high, out of the way of the low numbers that projects choose themselves and keep.
 */
export const REDIS_DATABASE = { app: 0, broker: 10, results: 11, cache: 12, channels: 13, sessions: 14, queue: 15 } as const;
export type RedisRole = keyof typeof REDIS_DATABASE;

/** kombu has its own word for a socket: https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html */
export type RedisDialect = 'redis' | 'kombu';

/**
 * The URL of one numbered database, or of the server where no number is given: some projects put `/1` behind `REDIS_URL` themselves.
 * TCP where there is any: many settings take a URL apart and want host and port.
 */
export function redisUrl(redis: RedisAddress, database?: number, dialect: RedisDialect = 'redis'): Arg {
  if (redis.secretUrls !== undefined)
    return secret(database === undefined ? redis.secretUrls : `${redis.secretUrls}_${database}`);
  if (redis.port > 0 || redis.socket === undefined) {
    return `redis://${redis.host}:${redis.port}${database === undefined ? '' : `/${database}`}`;
  }
  const path = redis.socket.split('/').map(encodeURIComponent).join('/');
  if (dialect === 'kombu') return `redis+socket://${path}${database === undefined ? '' : `?virtual_host=${database}`}`;
  return `unix://${path}${database === undefined ? '' : `?db=${database}`}`;
}

/** The database number a redis URL names: path or query; undefined where it names none. */
export function databaseNumber(url: string): number | undefined {
  const match = /^\w+(?:\+\w+)?:\/\/[^/?]*\/(\d{1,2})\/?(?:\?|$)/.exec(url) ?? /[?&](?:db|virtual_host)=(\d{1,2})\b/.exec(url);
  const number = match?.[1] === undefined ? undefined : Number(match[1]);
  return number !== undefined && number < 16 ? number : undefined;
}
