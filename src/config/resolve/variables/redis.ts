import type { Variable } from '../../../core/project.js';
import { databaseNumber, REDIS_DATABASE, type RedisRole, redisUrl } from '../redis-url.js';
import type { Filler } from './context.js';

/** What the variable is for, as its name and the setting it ends in tell. */
function role(variable: Variable): RedisRole {
  const words = `${variable.name} ${variable.setting ?? ''}`.toUpperCase();
  if (variable.meaning === 'broker-url' || /BROKER/.test(words)) return 'broker';
  if (/RESULT/.test(words)) return 'results';
  if (variable.meaning === 'cache-url' || /CACHE/.test(words)) return 'cache';
  if (variable.meaning === 'channels-url' || /CHANNEL/.test(words)) return 'channels';
  if (/SESSION/.test(words)) return 'sessions';
  return /RQ|QUEUE|HUEY|Q_CLUSTER/.test(words) ? 'queue' : 'app';
}

/** The broker is where Celery is told it is. A bare `REDIS_URL` has no number, as on the platforms that taught the name; one whose default has a number gets one too. */
export const redisUrlVariable: Filler = (variable, { redis }) => {
  if (redis === undefined) return undefined;
  const wanted = role(variable);
  const written = databaseNumber(variable.default ?? '');
  if (wanted === 'broker') return redisUrl(redis, REDIS_DATABASE.broker, 'kombu');
  const bare = wanted === 'app' && written === undefined;
  const kombu = wanted === 'results' && /CELERY/i.test(variable.name);
  return redisUrl(redis, bare ? undefined : (written ?? REDIS_DATABASE[wanted]), kombu ? 'kombu' : 'redis');
};

export const redisHost: Filler = (_variable, { redis }) => redis?.host;
export const redisPort: Filler = (_variable, { redis }) => (redis && redis.port > 0 ? String(redis.port) : undefined);
export const redisPassword: Filler = (variable, { redis }) => redis && (redis.password ?? (variable.required ? '' : undefined));

/** Where no Redis runs, a cache that has to be named is one in memory. */
export const cacheUrl: Filler = (variable, context) =>
  redisUrlVariable(variable, context) ?? (variable.required ? 'locmemcache://' : undefined);
