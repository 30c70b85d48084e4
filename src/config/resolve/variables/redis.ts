import type { Variable, VariableMeaning } from '../../../core/project.js';
import { databaseNumber, REDIS_DATABASE, type RedisRole, redisUrl } from '../redis-url.js';
import type { Filler } from './context.js';

const ROLES: readonly (readonly [RegExp, RedisRole])[] = [
  [/BROKER/, 'broker'],
  [/RESULT/, 'results'],
  [/CACHE/, 'cache'],
  [/CHANNEL/, 'channels'],
  [/SESSION/, 'sessions'],
  [/RQ|QUEUE|HUEY|Q_CLUSTER/, 'queue'],
];
const MEANT: Partial<Readonly<Record<VariableMeaning, RedisRole>>> = {
  'broker-url': 'broker',
  'cache-url': 'cache',
  'channels-url': 'channels',
};

/** What the variable is for: its name says, else its use. A plain `REDIS_URL` is nobody's, wherever it ends: settings put `/1` behind it themselves. */
function role(variable: Variable): RedisRole {
  const named = roleIn(variable.name) ?? (variable.meaning && MEANT[variable.meaning]);
  if (named !== undefined) return named;
  return /REDIS(_TLS)?_UR[LI]$/.test(variable.name) ? 'app' : (roleIn(variable.setting ?? '') ?? 'app');
}

function roleIn(words: string): RedisRole | undefined {
  return ROLES.find(([pattern]) => pattern.test(words.toUpperCase()))?.[1];
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
