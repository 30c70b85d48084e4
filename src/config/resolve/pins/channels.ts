import { REDIS_DATABASE, redisUrl } from '../redis-url.js';
import { type Area, entries, hold, isDict, isExplicit, merge, type PinContext, value } from './context.js';

/** Channel layers that reach every process. */
export function channels(context: PinContext): Area {
  if (!isExplicit(context, 'CHANNEL_LAYERS')) return {};
  const layers = entries(value(context, 'CHANNEL_LAYERS'));
  const redis = context.redis;
  if (redis === undefined) return { warnings: layers.some(([, layer]) => isInMemory(layer)) ? [alone] : [] };
  const url = redisUrl(redis, REDIS_DATABASE.channels);
  const moved = layers.filter(([, layer]) => isInMemory(layer)).map(([name]) => name);
  const pointed = layers.filter(([, layer]) => isDict(layer) && /redis/i.test(String(layer['BACKEND']))).map(([name]) => name);
  const config = { hosts: [url], prefix: prefix(context.app) };
  const fresh = moved.map((name) => [name, { BACKEND: 'channels_redis.core.RedisChannelLayer', CONFIG: config }] as const);
  const same = pointed.map((name) => [name, { CONFIG: config }] as const);
  if (moved.length + pointed.length === 0) return {};
  const reason =
    moved.length > 0 ? 'a layer in memory ends at its own process; Redis joins them' : 'Redis is run by Slipway for this app';
  // A layer in memory may have options of its own, which Redis would not know.
  if (pointed.length === 0 && moved.length === layers.length)
    return { pins: [hold('CHANNEL_LAYERS', Object.fromEntries(fresh), reason, 'dict')] };
  return { pins: [merge('CHANNEL_LAYERS', Object.fromEntries([...fresh, ...same]), reason)] };
}

export function isInMemory(layer: unknown): boolean {
  return isDict(layer) && /InMemoryChannelLayer$/.test(String(layer['BACKEND']));
}

/** Whether any layer ends at its own process, so that there may be only one. */
export function layersInMemory(context: PinContext): boolean {
  return entries(value(context, 'CHANNEL_LAYERS')).some(([, layer]) => isInMemory(layer));
}

const prefix = (app: string): string => `${app}.channels`;

const alone = {
  code: 'memory-channel-layer',
  message: 'the channel layer is in memory and no Redis is to be had here: the app runs in one process',
  hint: 'slipway doctor',
};
