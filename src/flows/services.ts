import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { DatabaseAddress, RedisAddress, ServiceAddresses } from '../config/resolve/input.js';
import { aliasDatabase } from '../config/resolve/kept-database.js';
import type { Resolution } from '../config/resolve/release.js';
import { secret } from '../core/command.js';
import { Failure, type Warning } from '../core/failure.js';
import type { Step } from '../core/plan.js';
import type { Project } from '../core/project.js';
import { apply } from '../engine/apply.js';
import { chooseMysql, findMysql, mysqlParts, mysqlUrl } from '../ops/mysql.js';
import { choosePostgres, findPostgres, POSTGRES_PORT, type Postgres } from '../ops/postgresql.js';
import { postgresUrl } from '../ops/postgresql-database.js';
import { chooseRedis, findRedis, type Redis, redisUrl } from '../ops/redis.js';
import { type FoundPrograms, majorOf, parsePrograms } from '../ops/service-programs.js';
import { toolPaths } from '../ops/toolbox.js';
import { sockets } from '../targets/local/layout.js';
import { type LocalMysql, mysqlSocket, mysqlSteps } from '../targets/local/mysql.js';
import type { Installed } from '../targets/local/paths.js';
import { postgresSteps } from '../targets/local/postgresql.js';
import { redisSteps } from '../targets/local/redis.js';
import { keepAliasUrls } from './alias-urls.js';
import type { App } from './app.js';
import { ensureCertificate } from './certificate.js';
import { demandExtensions } from './extensions.js';
import type { Making } from './making.js';
import type { Ports } from './ports.js';
import { reachableTool } from './reachable-tool.js';
import { serviceFolder } from './service-folder.js';
import { sideBySide } from './side-by-side.js';
import { ensureSupervisor } from './supervision.js';
import type { Tooling } from './tooling.js';

export interface RunningServices {
  /** `PostgreSQL 17`, … */
  readonly names: readonly string[];
  readonly warnings: readonly Warning[];
}

const ROLE = 'app';
const DATABASE = 'app';

/** Secrets of the services' own. */
const PASSWORD = 'postgresql.password';
const URL_SECRET = 'postgresql.url';

const REDIS_PASSWORD = 'redis.password';
const REDIS_URL = 'redis.url';
const REDIS_DATABASES = 16;

const MYSQL_PASSWORD = 'mysql.password';
const MYSQL_URL = 'mysql.url';

/** A project that reads host and port from its environment and no password cannot be given one: docs/decisions/0004-redis-address.md */
export const takesNoPassword = ({ variables }: Project): boolean =>
  variables.some(({ meaning }) => meaning === 'redis-host') &&
  !variables.some(({ meaning }) => meaning === 'redis-password' || meaning === 'redis-url');

/** GeoDjango: a URL is then one of its own engine. */
const isSpatial = ({ natives }: Project): boolean => natives.some(({ wantedBy }) => wantedBy === 'django.contrib.gis');

/** Where the services will answer: fixed by the app's folders and ports, so that settings can be run before any of them is. */
export async function serviceAddresses(app: App, project: Project, ports: Ports): Promise<ServiceAddresses> {
  const password = await app.secrets.ensure(PASSWORD);
  const access = { socketFolder: sockets(app.at).postgresql, port: POSTGRES_PORT, role: ROLE, database: DATABASE };
  const scheme = isSpatial(project) ? 'postgis' : 'postgres';
  const known = { ...access, password: await app.secrets.resolve(PASSWORD) };
  await app.secrets.set(URL_SECRET, postgresUrl(known, scheme));
  const urlOf = (alias: string): string => postgresUrl({ ...known, database: aliasDatabase(DATABASE, alias) }, scheme);
  const mysql = await mysqlAddress(app, project);
  return {
    postgresql: {
      host: access.socketFolder,
      port: String(access.port),
      user: ROLE,
      database: DATABASE,
      password,
      url: secret(URL_SECRET),
      aliasUrls: await keepAliasUrls(app.secrets, project, URL_SECRET, urlOf),
    },
    ...(mysql === undefined ? {} : { mysql }),
    redis: takesNoPassword(project) ? { host: '127.0.0.1', port: ports.redis } : await redisWithPassword(app, ports),
  };
}

/** MySQL is not among the tools that Slipway brings: it is the machine's, or there is none. */
async function mysqlAddress(app: App, project: Project): Promise<DatabaseAddress | undefined> {
  if (!project.services.some(({ value }) => value === 'mysql')) return undefined;
  const programs = parsePrograms((await app.host.exec(findMysql())).stdout);
  if (!isMysqlThere(programs)) return undefined;
  await app.secrets.ensure(`${MYSQL_PASSWORD}.seed`);
  const seed = await app.secrets.resolve(`${MYSQL_PASSWORD}.seed`);
  // Letters and digits: it goes through MySQL's own client, as text.
  const password = createHash('sha256').update(seed).digest('hex');
  await app.secrets.set(MYSQL_PASSWORD, password);
  const access = { role: ROLE, password, database: DATABASE, socket: mysqlSocket(app.at) };
  await app.secrets.set(MYSQL_URL, mysqlUrl(access));
  const { host, port, user, name } = mysqlParts(access);
  const urlOf = (alias: string): string => mysqlUrl({ ...access, database: aliasDatabase(DATABASE, alias) });
  const aliasUrls = await keepAliasUrls(app.secrets, project, MYSQL_URL, urlOf);
  return { host, port, user, database: name, password: secret(MYSQL_PASSWORD), url: secret(MYSQL_URL), aliasUrls };
}

function isMysqlThere(programs: FoundPrograms): boolean {
  try {
    chooseMysql(programs);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

async function redisWithPassword(app: App, ports: Ports): Promise<RedisAddress> {
  const password = await app.secrets.ensure(REDIS_PASSWORD);
  const value = await app.secrets.resolve(REDIS_PASSWORD);
  await app.secrets.set(REDIS_URL, redisUrl(ports.redis, value));
  for (let number = 0; number < REDIS_DATABASES; number++)
    await app.secrets.set(`${REDIS_URL}_${number}`, redisUrl(ports.redis, value, number));
  return { host: '127.0.0.1', port: ports.redis, secretUrls: REDIS_URL, password };
}

/** What every release runs below and behind, whatever its services: the supervisor, and the edge's certificate. @returns the programs there are */
export async function runBase({ app, context, domains }: Making, tooling: Tooling): Promise<Installed> {
  const installed = await tooling.installed();
  await sideBySide([ensureSupervisor(app, context, installed), ensureCertificate(app, domains)], (work) => work);
  return installed;
}

/** The services of the release: there and answering. @param installed of `runBase` */
export async function runServices(making: Making, installed: Installed, resolution: Resolution): Promise<RunningServices> {
  const { app, context } = making;
  const kinds = resolution.services.map(({ kind }) => kind);
  const run = (steps: readonly Step[]) => apply(steps, () => app.host, context.report, context.signal);
  const names: string[] = [];
  const steps: Step[] = [];
  if (kinds.includes('postgresql')) {
    const postgres = await planPostgres(making, resolution);
    names.push(`PostgreSQL ${majorOf(postgres.found.version)}`);
    steps.push(...postgresSteps(postgres.wish, installed));
  }
  if (kinds.includes('mysql')) {
    const mysql = await planMysql(making, resolution);
    names.push(`${mysql.found.product === 'mariadb' ? 'MariaDB' : 'MySQL'} ${majorOf(mysql.found.version)}`);
    steps.push(...mysqlSteps(mysql, installed));
  }
  if (kinds.includes('redis')) {
    const redis = await planRedis(making);
    names.push(`${redis.found.product === 'valkey' ? 'Valkey' : 'Redis'} ${majorOf(redis.found.version)}`);
    steps.push(...redisSteps(redis.wish, installed));
  }
  await run(steps);
  return { names, warnings: [] };
}

async function planRedis({
  app,
  tooling,
  project,
  ports,
}: Making): Promise<{ found: Redis; wish: Parameters<typeof redisSteps>[0] }> {
  const embedded = toolPaths(app.at.home).valkey;
  const look = async (): Promise<FoundPrograms> => parsePrograms((await app.host.exec(findRedis(embedded))).stdout);
  let programs = await look();
  if (programs.programs.length === 0) {
    await tooling.bring('valkey');
    programs = await look();
  }
  const chosen = chooseRedis(programs, embedded);
  const found = { ...chosen, program: await reachableTool(app, programs.dropTo, chosen.program, dirname(dirname(embedded))) };
  const password = takesNoPassword(project) ? undefined : await app.secrets.resolve(REDIS_PASSWORD);
  return {
    found,
    wish: {
      layout: app.at,
      program: found.program,
      version: found.version,
      folder: await serviceFolder(app, 'redis', programs.dropTo),
      port: ports.redis,
      use: 'both',
      memory: app.machine.memory,
      ...(programs.dropTo === undefined ? {} : { user: programs.dropTo }),
      ...(password === undefined
        ? {}
        : { password: { value: secret(REDIS_PASSWORD), sha256: createHash('sha256').update(password).digest('hex') } }),
    },
  };
}

async function planMysql({ app }: Making, resolution: Resolution): Promise<LocalMysql> {
  const programs = parsePrograms((await app.host.exec(findMysql())).stdout);
  const extra = resolution.extraDatabases.filter(({ kind }) => kind === 'mysql').map(({ name }) => name);
  return {
    layout: app.at,
    found: chooseMysql(programs),
    folder: await serviceFolder(app, 'mysql', programs.dropTo),
    me: programs.me,
    memory: app.machine.memory,
    role: ROLE,
    password: secret(MYSQL_PASSWORD),
    databases: [DATABASE, ...extra],
    ...(programs.dropTo === undefined ? {} : { user: programs.dropTo }),
  };
}

async function planPostgres(
  { app, tooling }: Making,
  resolution: Resolution,
): Promise<{ found: Postgres; wish: Parameters<typeof postgresSteps>[0] }> {
  const embedded = toolPaths(app.at.home).postgres;
  const look = async (): Promise<FoundPrograms> => parsePrograms((await app.host.exec(findPostgres(embedded))).stdout);
  let programs = await look();
  if (programs.programs.length === 0) {
    await tooling.bring('postgres');
    programs = await look();
  }
  const folder = await serviceFolder(app, 'postgresql', programs.dropTo);
  const chosen = choosePostgres(programs, (await app.host.read(`${folder}/data/PG_VERSION`))?.trim());
  const found = { ...chosen, bin: await reachableTool(app, programs.dropTo, chosen.bin, dirname(dirname(embedded))) };
  await demandExtensions(app.host, found, resolution.extensions);
  const extra = resolution.extraDatabases.filter(({ kind }) => kind === 'postgresql').map(({ name }) => name);
  return {
    found,
    wish: {
      layout: app.at,
      bin: found.bin,
      folder,
      me: programs.me,
      utf8: programs.utf8,
      memory: app.machine.memory,
      role: ROLE,
      password: secret(PASSWORD),
      databases: [DATABASE, ...extra].map((name) => ({ name, extensions: resolution.extensions })),
      ...(programs.dropTo === undefined ? {} : { user: programs.dropTo }),
    },
  };
}
