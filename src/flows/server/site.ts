import type { ServiceAddresses } from '../../config/resolve/input.js';
import { aliasDatabase } from '../../config/resolve/kept-database.js';
import type { Resolution } from '../../config/resolve/release.js';
import { type Env, isSecret, secret } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import type { Json, Step } from '../../core/plan.js';
import { apply } from '../../engine/apply.js';
import { postgresUrl } from '../../ops/postgresql-database.js';
import { BUILDER, baseSteps } from '../../targets/server/base.js';
import { serverEnvironment } from '../../targets/server/credentials.js';
import { POSTGRES_SOCKETS, postgresSteps } from '../../targets/server/postgresql.js';
import { makeFolderSteps, pinsStep } from '../../targets/server/release-files.js';
import { keepAliasUrls } from '../alias-urls.js';
import type { Context } from '../context.js';
import { OWN_PYTHON_FOLDER, ownPythonFiles } from '../package-files.js';
import type { RunningServices } from '../services.js';
import type { Site } from '../site.js';
import type { ServerApp } from './app.js';
import { packageFailure } from './apt-trouble.js';
import { postgresMajor, redisVersion } from './facts.js';
import { ownRedis, redisAddress } from './redis.js';
import { serverOptions, serverRelease } from './release.js';

const PASSWORD = 'postgresql.password';
const URL_SECRET = 'postgresql.url';

/** What a release is made with, whatever the project. */
const BASE_PACKAGES = ['acl', 'ca-certificates', 'curl', 'iproute2', 'openssl', 'python3', 'python3-venv'];

/** Where a front end is built. */
const NODE_PACKAGES = ['nodejs', 'npm'];

export const run =
  (app: ServerApp, context: Context) =>
  (steps: readonly Step[], host: Host = app.system): Promise<void> =>
    apply(steps, () => host, context.report, context.signal).catch((error: unknown) => {
      throw packageFailure(error, app.connection.name);
    });

/** Debian packages that a deployment needs in any case, and those of services that the project's files speak of. */
export const foreseenPackages = (app: ServerApp, postgres: boolean): string[] => [
  ...BASE_PACKAGES,
  ...(app.project.frontends.length > 0 ? NODE_PACKAGES : []),
  ...(app.place.roles.includes('web') ? [app.config.edge === 'apache' ? 'apache2' : 'nginx'] : []),
  ...(postgres ? [`postgresql-${postgresMajor(app.facts)}`] : []),
];

export const wantsPostgres = (app: ServerApp): boolean => app.project.services.some(({ value }) => value === 'postgresql');

/** The packages, users and folders that come before everything else. */
export const firstSteps = (app: ServerApp): Step[] =>
  baseSteps({
    host: app.place,
    options: { layout: app.at, key: app.name, user: app.user, edge: app.config.edge ?? 'nginx' },
    packages: [...BASE_PACKAGES, ...(app.project.frontends.length > 0 ? NODE_PACKAGES : [])],
  });

/** The database server and the app's databases in it. */
export const databaseSteps = (app: ServerApp, extra: readonly string[] = []): Step[] =>
  postgresSteps(
    {
      major: postgresMajor(app.facts),
      memory: app.facts.memory,
      role: app.user,
      password: secret(PASSWORD),
      databases: [app.user, ...extra].map((name) => ({ name, extensions: [] })),
    },
    app.place,
  );

/** A server: services of the system, and nothing made up. */
export function serverSite(app: ServerApp, context: Context, version: string): Site {
  const doing = run(app, context);
  return {
    target: 'server',
    open: async () => {
      await bringOwnPython(app, context);
      await doing([
        ...firstSteps(app),
        ...makeFolderSteps({ version, options: { layout: app.at, user: app.user } }, app.place, BUILDER),
      ]);
    },
    options: (common) => serverOptions(app, common),
    pins: (release, packages) => pinsStep(serverRelease(release), packages, app.place),
    variables: (release) => asEnv(serverEnvironment(serverRelease(release))),
    addresses: () => serviceAddresses(app),
    serve: (resolution) => serve(app, resolution, doing),
  };
}

/** Slipway's own Python, in a folder named after what is in it. */
async function bringOwnPython(app: ServerApp, context: Context): Promise<void> {
  const folder = app.place.package;
  const mark = `${folder}/.complete`;
  if (await app.system.exists(mark)) return;
  await app.system.sync({ kind: 'sync', from: OWN_PYTHON_FOLDER, to: folder, files: ownPythonFiles() }, context.signal);
  await app.system.write(mark, '');
}

/** The app's user is known to PostgreSQL by that alone; the password is for what cannot use the socket. */
async function serviceAddresses(app: ServerApp): Promise<ServiceAddresses> {
  const password = await app.secrets.ensure(PASSWORD);
  const access = { socketFolder: POSTGRES_SOCKETS, port: 5432, role: app.user, database: app.user };
  const known = { ...access, password: await app.secrets.resolve(PASSWORD) };
  await app.secrets.set(URL_SECRET, postgresUrl(known));
  const urlOf = (alias: string): string => postgresUrl({ ...known, database: aliasDatabase(app.user, alias) });
  return {
    postgresql: {
      host: POSTGRES_SOCKETS,
      port: '5432',
      user: app.user,
      database: app.user,
      password,
      url: secret(URL_SECRET),
      aliasUrls: await keepAliasUrls(app.secrets, app.project, URL_SECRET, urlOf),
    },
    redis: await redisAddress(app),
  };
}

async function serve(app: ServerApp, resolution: Resolution, doing: ReturnType<typeof run>): Promise<RunningServices> {
  const foreign = resolution.services.find(({ kind }) => kind !== 'postgresql' && kind !== 'redis');
  if (foreign !== undefined)
    throw new Failure(
      'SERVICE_MISSING',
      'environment',
      `The project needs ${foreign.kind}, which Slipway cannot set up on a server yet`,
      {
        hint: 'give the address of one of your own in slipway.yml: database: {url: {secret: DATABASE_URL}}',
      },
    );
  const has = (wanted: string): boolean => resolution.services.some(({ kind }) => kind === wanted);
  const extra = resolution.extraDatabases.filter(({ kind }) => kind === 'postgresql').map(({ name }) => name);
  // One after the other: dpkg lets nobody in beside itself.
  if (has('postgresql')) await doing(databaseSteps(app, extra));
  if (has('redis')) await doing(await ownRedis(app));
  const names = [
    ...(has('postgresql') ? [`PostgreSQL ${postgresMajor(app.facts)}`] : []),
    ...(has('redis') ? [`Redis ${redisVersion(app.facts)}`] : []),
  ];
  return { names, warnings: [] };
}

/** Only texts and secrets: what a process is given. */
function asEnv(json: { readonly [name: string]: Json }): Env {
  const env: Record<string, Env[string]> = {};
  for (const [name, value] of Object.entries(json)) if (typeof value === 'string' || isSecret(value)) env[name] = value;
  return env;
}
