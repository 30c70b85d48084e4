import type { Warning } from '../../../core/failure.js';
import type { Json } from '../../../core/plan.js';
import type { RedisAddress } from '../input.js';
import { databaseNumber, REDIS_DATABASE, redisUrl } from '../redis-url.js';
import { type Area, django, hasPackage, isInSource, merge, type PinContext } from './context.js';

type Entry = { readonly [key: string]: Json };
type Fact = PinContext['facts']['caches'][string];
type Verdict = { readonly entry?: Entry; readonly reason?: string; readonly warning?: Warning };

/** Caches that all processes share, at an address that exists here. */
export function caches(context: PinContext): Area {
  const verdicts = Object.entries(context.facts.caches).map(([alias, fact]) => [alias, verdict(context, alias, fact)] as const);
  const entries = verdicts.flatMap(([alias, { entry }]) => (entry === undefined ? [] : [[alias, entry] as const]));
  const reasons = [...new Set(verdicts.flatMap(([, { reason }]) => reason ?? []))];
  const warnings = verdicts.flatMap(([, { warning }]) => warning ?? []);
  return { pins: entries.length === 0 ? [] : [merge('CACHES', Object.fromEntries(entries), reasons.join('; '))], warnings };
}

function verdict(context: PinContext, alias: string, fact: Fact): Verdict {
  if (/locmem/i.test(fact.backend)) return inMemory(context, alias);
  if (/redis/i.test(fact.backend)) return onRedis(context, alias, fact);
  if (/memcache|pylibmc|bmemcached/i.test(fact.backend)) return onMemcached(context, alias, fact);
  if (/filebased/i.test(fact.backend)) return inFiles(context, alias, fact);
  return {};
}

function inMemory(context: PinContext, alias: string): Verdict {
  const moved = context.redis && toRedis(context, context.redis, alias);
  if (moved !== undefined) return { entry: moved, reason: 'a cache in memory is another one in every process; Redis is shared' };
  const message = `the cache ${JSON.stringify(alias)} is in memory: every process has its own, and they disagree`;
  const hint = hasPackage(context, 'redis', 'django-redis') ? undefined : 'pip install redis, and set CACHES to it';
  return context.redis === undefined && !wasChosen(context)
    ? {}
    : { warning: { code: 'memory-cache', message, ...(hint === undefined ? {} : { hint }) } };
}

/** Django's default is in memory; only what the project wrote down is worth a word. */
function wasChosen({ facts }: PinContext): boolean {
  return facts.settings['CACHES']?.explicit === true;
}

/** Undefined where this Django has no backend for it: built in since 4.0. */
function toRedis(context: PinContext, redis: RedisAddress, alias: string): Entry | undefined {
  const backend = django(context, '4.0')
    ? 'django.core.cache.backends.redis.RedisCache'
    : hasPackage(context, 'django-redis')
      ? 'django_redis.cache.RedisCache'
      : undefined;
  if (backend === undefined) return undefined;
  const apart: Entry = alias === 'default' ? {} : { KEY_PREFIX: alias };
  // OPTIONS of another backend would be arguments of the Redis client.
  return { BACKEND: backend, LOCATION: redisUrl(redis, REDIS_DATABASE.cache), ...apart, OPTIONS: null };
}

function onRedis(context: PinContext, alias: string, fact: Fact): Verdict {
  if (context.redis === undefined) return withoutServer(alias, 'Redis');
  const first = typeof fact.location === 'string' ? fact.location : (fact.location?.[0] ?? '');
  const number = databaseNumber(first) ?? REDIS_DATABASE.cache;
  const location = redisUrl(context.redis, number);
  if (location === first) return {};
  return { entry: { LOCATION: location }, reason: 'Redis is run by Slipway for this app' };
}

function onMemcached(context: PinContext, alias: string, fact: Fact): Verdict {
  const reason = 'memcached is not run here; Redis takes its place';
  const moved = context.redis && toRedis(context, context.redis, alias);
  if (moved !== undefined) return { entry: moved, reason };
  return withoutServer(alias, `memcached at ${String(fact.location)}`);
}

function withoutServer(alias: string, server: string): Verdict {
  const message = `the cache ${JSON.stringify(alias)} wants ${server}, which is not run here: it is in memory, another one in every process`;
  return {
    entry: { BACKEND: 'django.core.cache.backends.locmem.LocMemCache', LOCATION: alias, OPTIONS: null },
    reason: `${server} is not run here`,
    warning: { code: 'cache-missing', message, hint: 'slipway doctor' },
  };
}

function inFiles(context: PinContext, alias: string, fact: Fact): Verdict {
  const location = typeof fact.location === 'string' ? fact.location : '';
  if (!isInSource(context, location)) return {};
  const kept = `${context.place.paths.data}/cache/${alias.replace(/\W/g, '_')}`;
  return { entry: { LOCATION: kept }, reason: 'cache files are kept outside the release' };
}
