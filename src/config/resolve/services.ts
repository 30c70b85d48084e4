import type { Facts } from '../../core/facts.js';
import type { Service } from '../../core/release.js';
import type { DatabaseChoice } from './database.js';
import type { BeforeFacts } from './input.js';

/** A service that is run for the app, and why in a sentence. */
export interface ChosenService extends Service {
  readonly reason: string;
}

/** What Slipway runs for the app, of what is to be had here. */
export function chooseServices(input: BeforeFacts, database: DatabaseChoice, facts?: Facts): ChosenService[] {
  const { services } = input.place;
  const server = database.kind === 'postgresql' || database.kind === 'mysql' ? database.kind : undefined;
  const redis = redisReason(input, facts);
  return [
    ...(server !== undefined && services[server] !== undefined ? [{ kind: server, name: server, reason: database.reason }] : []),
    ...(redis !== undefined && services.redis !== undefined ? [{ kind: 'redis', name: 'redis', reason: redis } as const] : []),
  ];
}

/** Services that the app cannot do without and that are not to be had here. A channel layer in memory does, in one process. */
export function missingServices(input: BeforeFacts, database: DatabaseChoice, facts?: Facts): ChosenService[] {
  const { services } = input.place;
  const server = database.kind === 'postgresql' || database.kind === 'mysql' ? database.kind : undefined;
  const redis = redisReason(input, facts?.settings['CHANNEL_LAYERS'] && inMemory(facts) ? undefined : facts);
  return [
    ...(server !== undefined && services[server] === undefined ? [{ kind: server, name: server, reason: database.reason }] : []),
    ...(redis !== undefined && services.redis === undefined ? [{ kind: 'redis', name: 'redis', reason: redis } as const] : []),
  ];
}

/** Why the app wants a Redis; undefined where it does not, or has one of the user's own. */
function redisReason(input: BeforeFacts, facts: Facts | undefined): string | undefined {
  if (givenRedis(input)) return undefined;
  const named = input.project.services.find(({ value }) => value === 'redis');
  if (named !== undefined) return `${named.from} uses Redis`;
  const variable = input.project.variables.find(
    ({ meaning, required }) => required && /^(redis|channels|broker)-/.test(meaning ?? ''),
  );
  if (variable !== undefined) return `${variable.from} needs ${variable.name}`;
  return carriesTasks(input) ?? fromFacts(facts);
}

function givenRedis({ choices, project }: BeforeFacts): boolean {
  const names = project.variables
    .filter(({ meaning }) => /^(redis|broker|cache)-(url|host)$/.test(meaning ?? ''))
    .map(({ name }) => name);
  return ['REDIS_URL', ...names].some((name) => choices.env?.[name] !== undefined);
}

/** A worker needs a broker: RabbitMQ is not run here, and Redis does its work. */
function carriesTasks({ project }: BeforeFacts): string | undefined {
  const worker = project.processes.find(({ argv }) => /celery$/.test(argv[0] ?? '') || argv.includes('celery'));
  if (worker !== undefined) return `${worker.from}: the tasks of ${worker.name} need a broker`;
  const rabbit = project.services.find(({ value }) => value === 'rabbitmq');
  return rabbit && `${rabbit.from} uses RabbitMQ, which Slipway does not run: Redis carries the tasks`;
}

function fromFacts(facts: Facts | undefined): string | undefined {
  if (facts === undefined) return undefined;
  if (/^(redis|amqp)/.test(facts.celery?.broker ?? '')) return 'the broker of Celery';
  const cache = Object.entries(facts.caches).find(([, { backend }]) => /redis/i.test(backend));
  if (cache !== undefined) return `the cache ${JSON.stringify(cache[0])} is in Redis`;
  if (isHueyInRedis(facts)) return 'the queue of Huey is in Redis';
  const layers = facts.settings['CHANNEL_LAYERS'];
  return layers?.explicit ? 'channel layers have to reach every process' : undefined;
}

/** Huey's own choice where the settings make none: https://huey.readthedocs.io/en/latest/django.html */
function isHueyInRedis({ apps, settings }: Facts): boolean {
  if (!apps.some(({ name }) => name === 'huey.contrib.djhuey')) return false;
  const known = settings['HUEY'];
  if (known?.explicit !== true) return true;
  const { value } = known;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const choices = new Map<string, unknown>(Object.entries(value));
  return /Redis/.test(String(choices.get('huey_class') ?? 'huey.RedisHuey')) && choices.get('immediate') !== true;
}

function inMemory(facts: Facts): boolean {
  return JSON.stringify(facts.settings['CHANNEL_LAYERS']?.value ?? '').includes('InMemoryChannelLayer');
}
