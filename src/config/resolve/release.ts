import type { Facts } from '../../core/facts.js';
import type { Warning } from '../../core/failure.js';
import { Failure } from '../../core/failure.js';
import type { Variable } from '../../core/project.js';
import type { Release } from '../../core/release.js';
import { type Addition, chooseAdditions } from './additions.js';
import { chooseDatabase, type DatabaseChoice } from './database.js';
import type { ServerKind } from './database-url.js';
import type { BeforeFacts, RedisAddress, ResolveInput } from './input.js';
import { type MadeMigrations, madeMigrations } from './made-migrations.js';
import { modulePath } from './module-path.js';
import { layersInMemory } from './pins/channels.js';
import type { PinContext } from './pins/context.js';
import { value } from './pins/context.js';
import { extraDatabases } from './pins/databases.js';
import { servedPath } from './pins/url-path.js';
import { pinSettings } from './pins.js';
import { chooseProcesses } from './processes.js';
import { chooseInterface, chooseWeb, workersFor } from './server.js';
import { type ChosenService, chooseServices, missingServices } from './services.js';
import type { SecretWish } from './variables/secrets.js';
import { fillVariables, type Variables } from './variables.js';
import { type Kept, keptPlaces } from './writable.js';

/** What can be said, and is needed, before the project's Python has run: its environment, and the variables it runs with. */
export interface Groundwork {
  readonly database: DatabaseChoice;
  readonly services: readonly ChosenService[];
  readonly additions: readonly Addition[];
  readonly variables: Variables;
}

/**
 * The ground for running the project's settings, and again with what they told: where `variables.env` then differs, they are to be run
 * again with it, for what they told was about another database.
 */
export function groundwork(input: BeforeFacts, facts?: Facts): Groundwork {
  const database = chooseDatabase(input, facts);
  const services = chooseServices(input, database, facts);
  const wanted = chooseInterface(input);
  const server = input.choices.web?.server ?? (wanted === 'asgi' ? 'uvicorn' : 'gunicorn');
  const redis = redisOf(input, services);
  const workers = input.choices.web?.workers ?? workersFor(input.place.machine);
  return {
    database,
    services,
    additions: chooseAdditions(input, server, wanted, database, services),
    variables: fillVariables({ ...input, database, workers, ...(redis === undefined ? {} : { redis }) }),
  };
}

function redisOf(input: BeforeFacts, services: readonly ChosenService[]): RedisAddress | undefined {
  return services.some(({ kind }) => kind === 'redis') ? input.place.services.redis : undefined;
}

/** A release without what only its target knows. */
export interface Resolution {
  readonly release: Omit<Release, 'options'>;
  readonly warnings: readonly Warning[];
  /** What is held, as `check` lists it. */
  readonly overrides: readonly { readonly setting: string; readonly reason: string }[];
  readonly database: DatabaseChoice;
  readonly services: readonly ChosenService[];
  /** Wanted, and not to be had here. */
  readonly missing: readonly ChosenService[];
  readonly placeholders: readonly Variable[];
  /** To be made where they do not exist yet. */
  readonly secrets: readonly SecretWish[];
  /** On Slipway's own servers, beside the app's first database. */
  readonly extraDatabases: readonly { readonly kind: ServerKind; readonly name: string }[];
  /** Of the server, that only a superuser may make. */
  readonly extensions: readonly string[];
  readonly kept: readonly Kept[];
  /** `createcachetable` is to run with the migrations. */
  readonly cacheTable: boolean;
  readonly madeMigrations?: MadeMigrations;
}

/**
 * The app at one version, ready for one environment.
 * @throws Failure VARIABLES_MISSING (project), WEB_SERVER_INTERFACE (config), NO_APPLICATION (project)
 */
export function resolveRelease(input: ResolveInput): Resolution {
  const ground = groundwork(input, input.facts);
  if (ground.variables.missing.length > 0) throw missingVariables(ground.variables.missing);
  const redis = redisOf(input, ground.services);
  const context: PinContext = {
    ...input,
    database: ground.database,
    interface: chooseInterface(input),
    ...(redis === undefined ? {} : { redis }),
  };
  const web = chooseWeb(input, redis === undefined && layersInMemory(context));
  const { pins, warnings } = pinSettings(context);
  const { processes, warnings: aboutProcesses } = chooseProcesses(input);
  const folders = modulePath(input);
  const made = madeMigrations(input);
  const env = {
    ...(folders.length === 0 ? {} : { PYTHONPATH: folders.join(':') }),
    ...ground.variables.env,
    WEB_CONCURRENCY: String(web.workers),
  };
  return {
    release: {
      app: input.app,
      version: input.release,
      environment: input.place.environment,
      domains: input.place.domains,
      source: input.source,
      python: input.python,
      directory: input.project.directory.value,
      settingsModule: input.choices.settingsModule ?? input.facts.settingsModule,
      pins,
      web,
      processes,
      ...(input.choices.cron === undefined ? {} : { cron: input.choices.cron }),
      services: ground.services.map(({ kind, name }) => ({ kind, name })),
      env,
      files: servedFiles(context, pins),
    },
    warnings: [...ground.variables.warnings, ...warnings, ...aboutProcesses],
    overrides: pins.map(({ name, reason }) => ({ setting: name, reason })),
    database: ground.database,
    services: ground.services,
    missing: missingServices(input, ground.database, input.facts),
    placeholders: ground.variables.placeholders,
    secrets: ground.variables.secrets,
    extraDatabases: extraDatabases(context),
    extensions: Object.values(input.facts.databases).some(({ engine }) => /postgis/.test(engine)) ? ['postgis'] : [],
    kept: keptPlaces(input),
    cacheTable: Object.values(input.facts.caches).some(({ backend }) => /\.db\.DatabaseCache$/.test(backend)),
    ...(made === undefined ? {} : { madeMigrations: made }),
  };
}

/** URL paths as the settings have them in the end. */
function servedFiles(context: PinContext, pins: Resolution['release']['pins']): Release['files'] {
  const held = (name: string, otherwise: string) => {
    const pin = pins.find((pin) => pin.name === name && pin.op === 'hold');
    const known = pin === undefined ? value(context, name) : pin.value;
    return servedPath(typeof known === 'string' ? known : '', otherwise);
  };
  return { url: held('STATIC_URL', '/static/'), media: held('MEDIA_URL', '/media/') };
}

function missingVariables(missing: readonly Variable[]): Failure {
  const [first] = missing;
  const lines = missing.map(({ name, from }) => `${name}   ${from}`).join('\n');
  const message =
    missing.length === 1
      ? `${first?.from} needs the variable ${first?.name}`
      : `The settings need ${missing.length} variables that are not set`;
  return new Failure('VARIABLES_MISSING', 'project', message, { detail: lines, hint: `slipway secrets set ${first?.name}` });
}
