import { type Found, found } from '../core/found.js';
import type { ProjectProcess, ServiceKind, Variable } from '../core/project.js';
import type { Packages } from './dependencies/packages.js';
import { composeImages } from './processes/shown.js';
import type { Outcome, SettingText } from './settings/outcome.js';
import type { Tree } from './tree.js';

const ENGINES: readonly (readonly [RegExp, ServiceKind])[] = [
  [/sqlite|spatialite/i, 'sqlite'],
  [/postg|psqlextra|cockroach|timescale|django_tenants/i, 'postgresql'],
  [/mysql|mariadb/i, 'mysql'],
  [/oracle/i, 'oracle'],
];

const URLS: readonly (readonly [RegExp, ServiceKind])[] = [
  [/^(sqlite|spatialite)/, 'sqlite'],
  [/^(postgres|postgresql|pgsql|postgis|psql)/, 'postgresql'],
  [/^(mysql|mysql2|mariadb)/, 'mysql'],
  [/^oracle/, 'oracle'],
];

/** Drivers, best evidence first. */
const DRIVERS: readonly (readonly [RegExp, ServiceKind])[] = [
  [/^(psycopg|psycopg2)(-binary|-c)?$/, 'postgresql'],
  [/^(mysqlclient|pymysql|mysql-connector-python)$/, 'mysql'],
  [/^(cx-oracle|oracledb)$/, 'oracle'],
];

const IMAGES: readonly (readonly [RegExp, ServiceKind])[] = [
  [/(^|\/)(postgres|postgis|pgvector|timescaledb|postgresql)[^/]*(:|$)/, 'postgresql'],
  [/(^|\/)(mysql|mariadb|percona)[^/]*(:|$)/, 'mysql'],
  [/oracle[^/]*\/(database|express|enterprise)|(^|\/)oracle-(xe|free)/, 'oracle'],
  [/(^|\/)(redis|valkey|keydb|redis-stack)[^/]*(:|$)/, 'redis'],
  [/(^|\/)memcached[^/]*(:|$)/, 'memcached'],
  [/(^|\/)rabbitmq[^/]*(:|$)/, 'rabbitmq'],
  [/(^|\/)(elasticsearch|opensearch)[^/]*(:|$)/, 'elasticsearch'],
];

const kindOf = (table: readonly (readonly [RegExp, ServiceKind])[], text: string): ServiceKind | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

export interface ServiceClues {
  readonly tree: Tree;
  readonly outcome: Outcome;
  readonly variables: readonly Variable[];
  readonly packages: Packages;
  readonly processes: readonly ProjectProcess[];
  readonly apps: readonly string[];
}

/** What the app leans on when it runs with nothing told to it, each with what shows it; the main database first. */
export function services(clues: ServiceClues): Found<ServiceKind>[] {
  const all = [...databases(clues), ...stores(clues)];
  return all.filter((one, at) => all.findIndex((other) => other.value === one.value) === at);
}

function databases(clues: ServiceClues): Found<ServiceKind>[] {
  const engines = clues.outcome.texts.filter((text) => /^DATABASES\b.*\bENGINE$/.test(text.setting));
  const sure = engines.filter((text) => text.certainty === 'sure');
  const known = [...byDefaultFirst(sure)].flatMap((text) => {
    const kind = kindOf(ENGINES, text.value);
    return kind === undefined ? [] : [found(kind, text.from)];
  });
  if (known.length > 0) return known;
  return [
    byUrl(clues) ??
      bySetting(clues.outcome) ??
      byVariable(clues) ??
      byMaybe(engines) ??
      byDriver(clues) ??
      found('sqlite', 'default'),
  ];
}

/** The last assignment wins, so later ones first; `default` before other aliases. */
const byDefaultFirst = (texts: readonly SettingText[]): SettingText[] =>
  [...texts]
    .reverse()
    .sort((a, b) => Number(b.setting.startsWith('DATABASES.default.')) - Number(a.setting.startsWith('DATABASES.default.')));

/** The scheme of the default of a database URL. */
function byUrl({ variables, outcome }: ServiceClues): Found<ServiceKind> | undefined {
  for (const variable of variables.filter((one) => one.meaning === 'database-url')) {
    const kind = kindOf(URLS, variable.default ?? '');
    if (kind !== undefined) return found(kind, `${variable.from} (the default of ${variable.name})`);
  }
  const text = outcome.texts.find(
    (one) => /^DATABASES\b/.test(one.setting) && one.certainty === 'sure' && /^\w+:\/\//.test(one.value),
  );
  const kind = text === undefined ? undefined : kindOf(URLS, text.value);
  return text === undefined || kind === undefined ? undefined : found(kind, text.from);
}

function bySetting(outcome: Outcome): Found<ServiceKind> | undefined {
  const text = outcome.texts.find(
    (one) => /ENGINE|DB_BACKEND/.test(one.setting) && one.certainty === 'sure' && /\.(backends|db)\./.test(one.value),
  );
  const kind = text === undefined ? undefined : kindOf(ENGINES, text.value);
  return text === undefined || kind === undefined ? undefined : found(kind, text.from);
}

/** A default such as `DB_ENGINE=postgresql`, or a database that must be told. */
function byVariable(clues: ServiceClues): Found<ServiceKind> | undefined {
  const engine = clues.variables.find((one) => one.meaning === 'database-engine' && one.default !== undefined);
  const kind = engine === undefined ? undefined : kindOf(ENGINES, engine.default ?? '');
  if (engine !== undefined && kind !== undefined) return found(kind, `${engine.from} (the default of ${engine.name})`);
  const needed = clues.variables.find((one) => one.required && /^database-(url|host|user|engine|name)$/.test(one.meaning ?? ''));
  if (needed === undefined) return undefined;
  const driver = byDriver(clues);
  return found(
    driver?.value ?? 'postgresql',
    `${needed.from} (needs ${needed.name})${driver === undefined ? '' : `, ${driver.from}`}`,
  );
}

function byMaybe(engines: readonly SettingText[]): Found<ServiceKind> | undefined {
  const possible = engines.filter((text) => text.certainty === 'maybe');
  const [first] = [...possible].sort((a, b) => Number(/sqlite/.test(b.value)) - Number(/sqlite/.test(a.value)));
  const kind = first === undefined ? undefined : kindOf(ENGINES, first.value);
  return first === undefined || kind === undefined ? undefined : found(kind, first.from);
}

function byDriver({ packages, tree }: ServiceClues): Found<ServiceKind> | undefined {
  for (const name of packages.keys()) {
    const kind = kindOf(DRIVERS, name);
    if (kind !== undefined) return found(kind, `${name} is a dependency`);
  }
  // Several compose files for several databases say nothing.
  const shown = images(tree).filter((one) => /^(postgresql|mysql|oracle)$/.test(one.value));
  return new Set(shown.map((one) => one.value)).size === 1 ? shown[0] : undefined;
}

function images(tree: Tree): Found<ServiceKind>[] {
  return composeImages(tree).flatMap(({ image, from }) => {
    const kind = kindOf(IMAGES, image);
    return kind === undefined ? [] : [found(kind, `${from} (${image})`)];
  });
}

/** Caches, brokers, channel layers and search. */
function stores(clues: ServiceClues): Found<ServiceKind>[] {
  const inUse = clues.outcome.texts.filter((text) => text.certainty === 'sure');
  const at = (setting: RegExp, value: RegExp): SettingText | undefined =>
    inUse.find((text) => setting.test(text.setting) && value.test(text.value));
  const out: Found<ServiceKind>[] = [];
  const add = (kind: ServiceKind, from: string | undefined): void => {
    if (from !== undefined) out.push(found(kind, from));
  };
  add('redis', at(/^(CACHES|CHANNEL_LAYERS|SESSION_|RQ_QUEUES|Q_CLUSTER|HUEY|CACHEOPS|CONSTANCE)/, /redis/i)?.from);
  add('redis', at(/(BROKER|RESULT_BACKEND|REDIS|CELERY)/, /^rediss?:\/\//)?.from);
  add('redis', redisVariable(clues));
  add('rabbitmq', at(/BROKER/, /^(amqp|pyamqp|librabbitmq):\/\//)?.from);
  add('memcached', at(/^CACHES/, /memcached|pylibmc|pymemcache/i)?.from);
  add('elasticsearch', at(/HAYSTACK|ELASTICSEARCH|WAGTAILSEARCH|OPENSEARCH/, /elastic|opensearch/i)?.from);
  if (!out.some((one) => one.value === 'redis' || one.value === 'rabbitmq')) add(...broker(clues));
  return out;
}

/** Redis that the settings need, or have an address of by default. */
function redisVariable({ variables }: ServiceClues): string | undefined {
  const told = variables.find(
    (one) =>
      (/^redis-/.test(one.meaning ?? '') &&
        (one.required || /^(redis-host|redis-url)$/.test(one.meaning ?? '')) &&
        (one.required || (one.default ?? '') !== '')) ||
      (/^(broker|cache|channels)-url$/.test(one.meaning ?? '') && /^rediss?:/.test(one.default ?? '')),
  );
  return told === undefined ? undefined : `${told.from} (${told.name})`;
}

/** Workers need a broker although nothing says which. */
function broker({ processes, packages, apps }: ServiceClues): [ServiceKind, string | undefined] {
  const celery = processes.find((process) => process.argv[0] === 'celery');
  if (celery !== undefined)
    return packages.has('redis') || !packages.has('amqp')
      ? ['redis', `${celery.from} needs a broker`]
      : ['rabbitmq', `${celery.from} needs a broker`];
  const rq = processes.find((process) => process.argv.includes('rqworker'));
  if (rq !== undefined) return ['redis', `${rq.from} needs a queue`];
  return ['redis', apps.includes('channels_redis') ? 'channels_redis in INSTALLED_APPS' : undefined];
}
