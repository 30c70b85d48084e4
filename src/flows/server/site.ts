import type { ServiceAddresses } from '../../config/resolve/input.js';
import type { Resolution } from '../../config/resolve/release.js';
import { type Env, isSecret } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import type { Json, Step } from '../../core/plan.js';
import type { NativeNeed } from '../../core/project.js';
import { apply } from '../../engine/apply.js';
import { reportStanding } from '../../engine/standing.js';
import { type BaseSpec, BUILDER, baseFolderSteps, basePackageSteps, baseSteps, packageStep } from '../../targets/server/base.js';
import { serverEnvironment } from '../../targets/server/credentials.js';
import { makeFolderSteps, pinsStep } from '../../targets/server/release-files.js';
import type { Context } from '../context.js';
import { OWN_PYTHON_FOLDER, ownPythonFiles } from '../package-files.js';
import { sideBySide } from '../side-by-side.js';
import type { Site } from '../site.js';
import type { ServerApp } from './app.js';
import { packageFailure } from './apt-trouble.js';
import type { Early } from './early.js';
import { mariadbVersion, postgresMajor, redisVersion } from './facts.js';
import { builders, type Fleet } from './fleet.js';
import { packagesToInstall } from './lacking-packages.js';
import { lookAtFleet, nowhere } from './look-at-fleet.js';
import { mariadbAddress, mariadbHost, ownMariadb } from './mariadb.js';
import type { Meanwhile } from './meanwhile.js';
import { databaseSteps, type PostgresHost, postgresAddress, postgresHost, trustSteps } from './postgresql.js';
import { openingsOf, provision } from './provision.js';
import { ownRedis, redisAddress, redisHost, redisPlace } from './redis.js';
import { serverOptions, serverRelease } from './release.js';
import { uploadsApart } from './uploads-apart.js';

/** What a release is made with, whatever the project. */
const BASE_PACKAGES = ['ca-certificates', 'iproute2', 'openssl', 'python3', 'python3-venv', 'tzdata'];

/** Apache without its service, and what mod_wsgi is built with for the Python of the environment. */
const MOD_WSGI_PACKAGES = ['apache2-bin', 'apache2-dev', 'gcc', 'libc6-dev', 'python3-dev'];

/** Where a front end is built. */
const NODE_PACKAGES = ['nodejs', 'npm'];

/** Does steps on one host; as root, unless another host object is given. */
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

/** Does steps of several hosts, side by side; where one fails, the others come to their end before it is told. */
export const runOn =
  ({ hosts }: Fleet, context: Context) =>
  async (steps: readonly Step[]): Promise<void> => {
    await sideBySide(hosts, (app) => run(app, context)(steps.filter(({ host }) => host === app.place.name)));
  };

/** The packages, users and folders that come before everything else on a host. */
export const firstSteps = (app: ServerApp, builds: boolean): Step[] => baseSteps(baseOf(app, builds));

const baseOf = (app: ServerApp, builds: boolean): BaseSpec => ({
  host: app.place,
  options: { layout: app.at, key: app.name, user: app.user, edge: app.config.edge ?? 'nginx' },
  packages: [
    ...BASE_PACKAGES,
    ...(builds && app.project.frontends.length > 0 ? NODE_PACKAGES : []),
    ...(app.config.web.server === 'mod_wsgi' ? MOD_WSGI_PACKAGES : []),
  ],
});

/** Servers: services of the system, and nothing made up. @param app where the release is made @param meanwhile begun here, and waited for @param bringTools begun here, as soon as it can */
export function serverSite(
  fleet: Fleet,
  app: ServerApp,
  version: string,
  meanwhile: Meanwhile,
  early: Early,
  bringTools: () => Promise<void>,
): Site {
  const { beside: context } = meanwhile;
  let known: Promise<PostgresHost | undefined> | undefined;
  const postgres = () => {
    known ??= postgresHost(fleet);
    return known;
  };
  return {
    target: 'server',
    open: async () => {
      const makers = new Set([app, ...builders(fleet)]);
      const bases = fleet.hosts.map((host) => baseOf(host, makers.has(host)));
      const stands = !(await Promise.all(fleet.hosts.map(early.stands))).includes(false);
      const doing = runOn(fleet, context);
      const python = sideBySide(fleet.hosts, (host) => bringOwnPython(host, context));
      python.catch(() => {});
      if (stands) reportStanding(bases.flatMap(baseSteps), context.report);
      else await doing(bases.flatMap(basePackageSteps));
      await sideBySide(fleet.apps, async (host) => {
        if (await early.lacks(host))
          await run(host, context)(nativeSteps(host, await packagesToInstall(host.system, nativeNeeds(host))));
      });
      const places = python.then(async () => {
        if (!stands) await doing(bases.flatMap(baseFolderSteps));
        // Fetched while there is much else to do; whoever needs them waits for them, and is told where they cannot be had.
        if (!stands) bringTools().catch(() => {});
        return { database: await postgres(), redis: await redisPlace(fleet, true) };
      });
      const begin = () =>
        meanwhile.begin(async (host, installed) => {
          const { database, redis } = await places;
          await provision(host, run(host, meanwhile.context), openingsOf(host, database, redis), installed);
        });
      if (!stands) begin();
      await places;
      await run(app, context)(makeFolderSteps({ version, options: { layout: app.at, user: app.user } }, app.place, BUILDER));
      // Looking at what is there takes processors: where nothing is to be installed, the release comes first.
      if (stands) begin();
    },
    // The release may be sealed by then, and whoever makes it cannot write in it any more.
    writeRecord: (path, text) => app.system.write(path, text, app.privateMode),
    options: (common, facts) => serverOptions(app, common, facts),
    pins: (release, packages) => pinsStep(serverRelease(release), packages, app.place),
    variables: (release) => asEnv(serverEnvironment(serverRelease(release))),
    addresses: async () => serviceAddresses(fleet, await postgres()),
    installed: () => meanwhile.installed(),
    serve: async (resolution) => {
      lookAtFleet(fleet, resolution);
      // Another of its hosts has made the release before.
      if (app !== fleet.first) return { names: [], warnings: [] };
      const warnings = await uploadsApart(fleet, resolution, context);
      if (resolution.services.length > 0) await meanwhile.installed();
      meanwhile.letGoOn();
      return { names: await serve(fleet, resolution, context, await postgres()), warnings };
    },
  };
}

/** What the project cannot do without, whatever the wheels of its packages bring. */
export const nativeNeeds = ({ project }: ServerApp): readonly NativeNeed[] =>
  project.natives.filter(({ onlyWithoutWheel }) => !onlyWithoutWheel);

export const nativeSteps = (app: ServerApp, packages: readonly string[]): Step[] =>
  packages.length === 0 ? [] : [packageStep(app.place, 'base.natives', packages)];

/** Slipway's own Python, in a folder named after what is in it. */
export async function bringOwnPython(app: ServerApp, context: Context): Promise<void> {
  const folder = app.place.package;
  const mark = `${folder}/.complete`;
  if (await app.system.exists(mark)) return;
  await app.system.sync({ kind: 'sync', from: OWN_PYTHON_FOLDER, to: folder, files: ownPythonFiles() }, context.signal);
  await app.system.write(mark, '');
}

/** @throws Failure ROLE_MISSING (config) where the project needs a database and no host is for it */
async function serviceAddresses(fleet: Fleet, postgres: PostgresHost | undefined): Promise<ServiceAddresses> {
  const { first } = fleet;
  const needs = wantsPostgres(first) && first.config.database === undefined;
  if (needs && postgres === undefined) throw nowhere(fleet, 'database', 'PostgreSQL');
  const redis = await redisAddress(fleet);
  const wantsMysql = first.config.database === undefined && first.project.services.some(({ value }) => value === 'mysql');
  return {
    redis,
    ...(postgres === undefined ? {} : { postgresql: await postgresAddress(postgres) }),
    ...(wantsMysql ? { mysql: await mariadbAddress(mariadbHost(fleet)) } : {}),
  };
}

/** @returns the names of what runs */
async function serve(
  fleet: Fleet,
  resolution: Resolution,
  context: Context,
  postgres: PostgresHost | undefined,
): Promise<string[]> {
  const doing = runOn(fleet, context);
  const foreign = resolution.services.find(({ kind }) => !['postgresql', 'mysql', 'redis'].includes(kind));
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
  const extraOf = (wanted: string): string[] =>
    resolution.extraDatabases.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  const names: string[] = [];
  // One after the other: dpkg lets nobody in beside itself.
  if (has('postgresql') && postgres !== undefined) {
    await doing(databaseSteps(postgres, extraOf('postgresql')));
    await doing(await trustSteps(postgres, fleet));
    names.push(`PostgreSQL ${postgresMajor(postgres.app.facts)}`);
  }
  if (has('mysql')) {
    const app = mariadbHost(fleet);
    await doing(ownMariadb(app, extraOf('mysql')));
    names.push(`MariaDB ${mariadbVersion(app.facts)}`);
  }
  if (has('redis')) {
    for (const steps of await ownRedis(fleet)) await doing(steps);
    names.push(`Redis ${redisVersion(redisHost(fleet).facts)}`);
  }
  return names;
}

/** Only texts and secrets: what a process is given. */
function asEnv(json: { readonly [name: string]: Json }): Env {
  const env: Record<string, Env[string]> = {};
  for (const [name, value] of Object.entries(json)) if (typeof value === 'string' || isSecret(value)) env[name] = value;
  return env;
}
