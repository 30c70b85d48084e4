import type { Pin } from '../../../core/pin.js';
import { databaseNumber, REDIS_DATABASE, type RedisDialect, redisUrl } from '../redis-url.js';
import { type Area, hold, type PinContext } from './context.js';

const URL = /^(rediss?|redis\+socket|unix):\/\//;
const BROKER = /^(CELERY_)?BROKER_(READ_|WRITE_)?URL$/;
const RESULTS = /^CELERY_(TASK_)?RESULT_BACKEND$/;
/** Brokers that Slipway does not run, and the one that only works within a process. */
const UNAVAILABLE = /^(amqps?|pyamqp|librabbitmq|memory):/;

/** Settings that are addresses of a Redis or a broker, whatever they are called. */
export function redisSettings(context: PinContext): Area {
  const { redis } = context;
  if (redis === undefined) return {};
  const pins = Object.entries(context.facts.settings).flatMap(([name, { value, explicit, redacted }]) => {
    if (!explicit) return [];
    if (typeof value === 'string') return fromText(name, value, context);
    // A URL with a password is told by its type only; these names can mean nothing else.
    return redacted === true && (BROKER.test(name) || /^REDIS_URL$/.test(name))
      ? fromText(name, 'redis://localhost', context)
      : [];
  });
  return { pins: [...pins, ...parts(context)] };
}

function fromText(name: string, value: string, { redis }: PinContext): Pin[] {
  if (redis === undefined) return [];
  const dialect: RedisDialect = BROKER.test(name) || RESULTS.test(name) ? 'kombu' : 'redis';
  const broker = BROKER.test(name) ? REDIS_DATABASE.broker : undefined;
  const fallback = broker ?? (RESULTS.test(name) ? REDIS_DATABASE.results : undefined);
  if (URL.test(value)) {
    const ours = redisUrl(redis, broker ?? databaseNumber(value) ?? fallback, dialect);
    return ours === value ? [] : [hold(name, ours, 'Redis is run by Slipway for this app', 'str')];
  }
  if (dialect === 'kombu' && UNAVAILABLE.test(value)) {
    return [
      hold(name, redisUrl(redis, fallback, 'kombu'), `${value.split(':')[0]} has no server here; Redis carries the tasks`, 'str'),
    ];
  }
  return [];
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|0\.0\.0\.0|redis|valkey|cache)$/;

/** `REDIS_HOST = "localhost"`, `REDIS_PORT = 6379`, as two settings. */
function parts({ facts, redis }: PinContext): Pin[] {
  if (redis === undefined || redis.port === 0) return [];
  const reason = 'Redis is run by Slipway for this app';
  return Object.entries(facts.settings).flatMap(([name, { value, explicit }]) => {
    if (!explicit || !/REDIS/.test(name)) return [];
    if (/HOST$/.test(name) && typeof value === 'string' && LOOPBACK.test(value) && value !== redis.host)
      return [hold(name, redis.host, reason, 'str')];
    if (/PORT$/.test(name) && (value === 6379 || value === '6379')) {
      return [
        hold(
          name,
          typeof value === 'number' ? redis.port : String(redis.port),
          reason,
          typeof value === 'number' ? 'int' : 'str',
        ),
      ];
    }
    return [];
  });
}
