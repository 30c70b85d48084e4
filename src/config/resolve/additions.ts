import type { Web, WebServer } from '../../core/release.js';
import { type DatabaseChoice, MYSQL_DRIVERS, POSTGRESQL_DRIVERS } from './database.js';
import type { BeforeFacts } from './input.js';
import type { ChosenService } from './services.js';
import { atLeast } from './version.js';

/** A distribution that is added beside the project's own, as a requirement, and what for. */
export interface Addition {
  readonly requirement: string;
  readonly reason: string;
}

/** What each server is called on PyPI. uWSGI itself has no wheels; pyuwsgi is the same built. */
const SERVERS: Readonly<Record<WebServer, readonly string[]>> = {
  gunicorn: ['gunicorn'],
  uvicorn: ['uvicorn', 'websockets', 'httptools', 'uvloop'],
  uwsgi: ['pyuwsgi'],
  daphne: ['daphne'],
  hypercorn: ['hypercorn'],
  granian: ['granian'],
  mod_wsgi: ['mod_wsgi'],
};
const SAME: Readonly<Record<string, readonly string[]>> = {
  pyuwsgi: ['pyuwsgi', 'uwsgi'],
  mod_wsgi: ['mod_wsgi', 'mod-wsgi', 'mod-wsgi-standalone'],
};

/**
 * What the project's environment lacks for running here. Needs no facts, so that the environment is made once; nothing that the project declares is
 * named again, so that its versions stay.
 */
export function chooseAdditions(
  input: BeforeFacts,
  server: WebServer,
  wanted: Web['interface'],
  database: DatabaseChoice,
  services: readonly ChosenService[],
): Addition[] {
  const all = [...forServer(server, wanted), ...forDatabase(input, database), ...forRedis(input, services)];
  const { packages } = input.project.dependencies;
  const declared = (name: string) => (SAME[name] ?? [name]).some((same) => same in packages);
  return all.filter(({ requirement }) => requirement.includes('[') || !declared(nameOf(requirement)));
}

const nameOf = (requirement: string): string => /^[\w.-]+/.exec(requirement)?.[0] ?? requirement;

function forServer(server: WebServer, wanted: Web['interface']): Addition[] {
  const names =
    server === 'gunicorn' && wanted === 'asgi' ? [...SERVERS.gunicorn, 'uvicorn-worker', ...SERVERS.uvicorn] : SERVERS[server];
  return names.map((requirement) => ({
    requirement,
    reason: `${server} serves the ${wanted.toUpperCase()} application`,
  }));
}

function forDatabase({ project }: BeforeFacts, database: DatabaseChoice): Addition[] {
  const kind = database.kind === 'given' ? database.engine : database.kind;
  const has = (names: readonly string[]) => names.some((name) => name in project.dependencies.packages);
  if (kind === 'postgresql' && !has(POSTGRESQL_DRIVERS))
    return [{ requirement: postgresqlDriver(project.django?.value), reason: 'the driver of PostgreSQL' }];
  if (kind === 'mysql' && !has(MYSQL_DRIVERS)) return [{ requirement: 'mysqlclient', reason: 'the driver of MySQL' }];
  return [];
}

/** psycopg 3 since Django 4.2; psycopg2 2.9 is refused by Django before 3.1: https://github.com/psycopg/psycopg2/issues/1293 */
function postgresqlDriver(django: string | undefined): string {
  const version = /\d+(\.\d+)+/.exec(django ?? '')?.[0];
  if (version === undefined || atLeast(version, '4.2')) return 'psycopg[binary]';
  return atLeast(version, '3.1') ? 'psycopg2-binary' : 'psycopg2-binary<2.9';
}

/** The client each user of Redis wants. Celery knows which versions it works with. */
function forRedis({ project, place }: BeforeFacts, services: readonly ChosenService[]): Addition[] {
  const { packages } = project.dependencies;
  // Whether its layer is one in memory only the settings tell, and the environment is made before they run.
  const layers = 'channels' in packages && place.services.redis !== undefined ? [LAYERS] : [];
  if (!services.some(({ kind }) => kind === 'redis')) return layers;
  const client = 'redis' in packages || 'django-redis' in packages;
  if ('celery' in packages) return [client ? TRANSPORT : CELERY_CLIENT, ...layers];
  return client || layers.length > 0 ? layers : [CLIENT];
}

const LAYERS: Addition = { requirement: 'channels-redis', reason: 'channel layers that reach every process' };
const CELERY_CLIENT: Addition = { requirement: 'celery[redis]', reason: 'the client of the Redis that carries the tasks' };
/** kombu names it only in an extra, and other distributions used to bring it along: https://github.com/celery/kombu/blob/main/requirements/extras/redis.txt */
const TRANSPORT: Addition = { requirement: 'packaging', reason: "kombu's Redis transport imports it" };
const CLIENT: Addition = { requirement: 'redis', reason: 'the client of the Redis that Slipway runs' };
