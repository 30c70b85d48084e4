import type { Arg, Env } from '../../core/command.js';
import { secret } from '../../core/command.js';
import type { Warning } from '../../core/failure.js';
import type { Variable, VariableMeaning } from '../../core/project.js';
import { isLocal, origin } from './origin.js';
import { REDIS_DATABASE, redisUrl } from './redis-url.js';
import type { Filler, VariableContext } from './variables/context.js';
import * as databases from './variables/databases.js';
import { email } from './variables/email.js';
import { placeholder } from './variables/placeholder.js';
import * as redis from './variables/redis.js';
import { DJANGO_KEY, type SecretWish, secretOf } from './variables/secrets.js';
import * as site from './variables/site.js';

/** The environment of every process of the app. */
export interface Variables {
  readonly env: Env;
  readonly warnings: readonly Warning[];
  /** Required, not to be known, filled with something marked; on `local` only. */
  readonly placeholders: readonly Variable[];
  /** Required and not to be known anywhere else: the user must give them. */
  readonly missing: readonly Variable[];
  /** Secrets that `env` refers to and that must be made where they do not exist yet. */
  readonly secrets: readonly SecretWish[];
}

const FILLERS: Partial<Readonly<Record<VariableMeaning, Filler>>> = {
  debug: site.debug,
  'allowed-hosts': site.allowedHosts,
  'csrf-origins': site.csrfOrigins,
  'site-url': site.siteUrl,
  'site-host': site.siteHost,
  'database-url': databases.databaseUrlVariable,
  'database-engine': databases.databaseEngine,
  'database-name': databases.databaseName,
  'database-user': databases.databaseUser,
  'database-password': databases.databasePassword,
  'database-host': databases.databaseHost,
  'database-port': databases.databasePort,
  'redis-url': redis.redisUrlVariable,
  'broker-url': redis.redisUrlVariable,
  'channels-url': redis.redisUrlVariable,
  'cache-url': redis.cacheUrl,
  'redis-host': redis.redisHost,
  'redis-port': redis.redisPort,
  'redis-password': redis.redisPassword,
  'static-root': (_variable, { place }) => place.paths.static,
  'media-root': (_variable, { place }) => place.paths.media,
  // An optional one is left to its default on this machine: a project's `production` often wants accounts that nobody has here.
  'environment-name': (variable, { place }) => (variable.required || !isLocal(place) ? 'production' : undefined),
  email,
};

/**
 * Which environment variables the app gets: the names hosting platforms have taught everyone, every name its settings read whose meaning is known, and what the
 * user gave, which always wins.
 */
export function fillVariables(context: VariableContext): Variables {
  const given = context.choices.env ?? {};
  const read = context.project.variables.filter(({ name }) => given[name] === undefined);
  const known = read.map((variable) => ({ variable, value: fill(variable, context) }));
  const filled = new Set(known.filter(({ value }) => value !== undefined).map(({ variable }) => variable.name));
  const unknown = read.filter(({ name, required }) => required && !filled.has(name));
  const local = isLocal(context.place);
  const madeUp = local || context.madeUp === true;
  const placeholders = madeUp ? unique(unknown) : [];
  return {
    env: {
      ...conventions(context),
      ...Object.fromEntries(known.flatMap(({ variable, value }) => (value === undefined ? [] : [[variable.name, value]]))),
      ...Object.fromEntries(placeholders.map((variable) => [variable.name, placeholder(variable, context.place.paths)])),
      ...given,
    },
    warnings: local ? placeholders.map(placeholderWarning) : [],
    placeholders,
    missing: madeUp ? [] : unique(unknown),
    secrets: wishes(read, given),
  };
}

function fill(variable: Variable, context: VariableContext): Arg | undefined {
  const made = secretOf(variable);
  if (made !== undefined) return made.value;
  return variable.meaning && FILLERS[variable.meaning]?.(variable, context);
}

function conventions(context: VariableContext): Env {
  const { project, choices, place } = context;
  const database = databases.databaseUrlOf(context);
  const configuration = project.configuration?.value;
  return {
    ...(database === undefined ? {} : { DATABASE_URL: database }),
    ...databases.databaseClientEnv(context),
    ...(context.redis === undefined ? {} : { REDIS_URL: redisUrl(context.redis) }),
    ...brokerFor(context),
    SECRET_KEY: secret(DJANGO_KEY),
    DJANGO_SETTINGS_MODULE: choices.settingsModule ?? project.settings.value,
    ...(configuration === undefined ? {} : { DJANGO_CONFIGURATION: configuration }),
    WEB_CONCURRENCY: String(context.workers),
    SLIPWAY_RELEASE: context.release,
    SLIPWAY_ENVIRONMENT: place.environment,
    SLIPWAY_URL: origin(place),
  };
}

// Celery itself reads this name, before any configuration of the project's: https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-url
function brokerFor({ project, redis: address }: VariableContext): Env {
  if (address === undefined || !('celery' in project.dependencies.packages)) return {};
  return { CELERY_BROKER_URL: redisUrl(address, REDIS_DATABASE.broker, 'kombu') };
}

function wishes(read: readonly Variable[], given: Env): SecretWish[] {
  const all = read.flatMap((variable) => secretOf(variable)?.wish ?? []);
  const django: SecretWish[] = given['SECRET_KEY'] === undefined ? [{ name: DJANGO_KEY, shape: 'key' }] : [];
  return [...new Map([...django, ...all].map((wish) => [wish.name, wish])).values()];
}

function unique(variables: readonly Variable[]): Variable[] {
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
}

function placeholderWarning(variable: Variable): Warning {
  return {
    code: `placeholder-${variable.name}`,
    message: `${variable.from} needs ${variable.name}, which cannot be known here: it has a placeholder`,
    hint: `slipway up --env ${variable.name}=VALUE`,
  };
}
