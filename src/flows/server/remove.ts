import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { dropDatabases } from '../../targets/server/drop-databases.js';
import { SERVER_HOME, stateFiles } from '../../targets/server/layout.js';
import { accessFile, removeAccess } from '../../targets/server/postgresql-network.js';
import { removeRedis } from '../../targets/server/redis.js';
import { removeTunnel, tunnelConfig } from '../../targets/server/redis-tunnel.js';
import { forgetSlipway, removeSteps, stopRedis } from '../../targets/server/remove.js';
import type { Context } from '../context.js';
import { readLive, releaseNames } from '../release-record.js';
import type { RemoveResult } from '../results.js';
import { onSystem, type ServerApp } from './app.js';
import { postgresMajor } from './facts.js';
import { type Fleet, onFleet } from './fleet.js';
import { withFleetLock } from './lock.js';
import { serverRelease } from './release.js';
import { bringOwnPython, run } from './site.js';

export interface RemoveOptions {
  /** Databases, uploads, kept folders and secrets go too. */
  readonly deleteData: boolean;
}

/**
 * Takes an app away from its servers: all that was written for it. Data stays unless told; packages, and how the machine itself was set up,
 * stay in any case.
 * @throws Failure NOT_CONFIRMED (cancelled)
 */
export const remove = (context: Context, options: RemoveOptions): Promise<RemoveResult> =>
  onFleet(context, async (fleet) => {
    const { first } = fleet;
    const where = fleet.hosts.map(({ place }) => place.name).join(', ');
    const data = options.deleteData
      ? 'Its databases, uploads and secrets are deleted for good.'
      : 'Its databases, uploads and secrets stay.';
    if (!(await context.confirm(`Take ${first.name} (${first.environment}) away from ${where}? ${data}`)))
      throw new Failure('NOT_CONFIRMED', 'cancelled', 'Nothing was taken away', {
        hint: `slipway remove -e ${first.environment} --yes`,
      });
    return withFleetLock(fleet, 'remove', () => removeLocked(fleet, context, options));
  });

async function removeLocked(fleet: Fleet, context: Context, options: RemoveOptions): Promise<RemoveResult> {
  const { first, hosts } = fleet;
  const { current } = await readLive(onSystem(first));
  for (const app of hosts) await removeFrom(app, context, options);
  return {
    app: current?.app ?? first.name,
    environment: first.environment,
    release: current?.version ?? null,
    hosts: hosts.map(({ place }) => place.name),
    dataDeleted: options.deleteData,
  };
}

async function removeFrom(app: ServerApp, context: Context, { deleteData }: RemoveOptions): Promise<void> {
  const seen = onSystem(app);
  const [versions, { current }] = await Promise.all([releaseNames(seen), readLive(seen)]);
  await bringOwnPython(app, context);
  const kinds = app.place.roles.includes('database') ? await databaseKinds(app) : [];
  const redis = { product: 'redis', key: app.name } as const;
  const [hasRedis, hasTunnel, isReached] = await Promise.all(
    [`${app.at.state}/redis.json`, tunnelConfig(app.name), accessFile(app.name)].map((path) => app.system.exists(path)),
  );
  const tls = app.config.tls === 'external' ? ({ kind: 'external', trusted: [] } as const) : ({ kind: 'acme' } as const);
  const live = current === undefined ? undefined : serverRelease(current).options;
  const options = {
    layout: app.at,
    key: app.name,
    user: app.user,
    tls: live?.tls ?? tls,
    edge: live?.edge ?? app.config.edge ?? ('nginx' as const),
  };
  const steps: Step[] = [
    ...removeSteps({ options, versions, keepData: !deleteData }, app.place),
    ...(hasRedis ? (deleteData ? removeRedis(redis, app.place) : stopRedis(redis, app.place)) : []),
    ...(hasTunnel ? removeTunnel(options, app.place) : []),
    ...(isReached ? removeAccess(app.name, postgresMajor(app.facts), app.place) : []),
    ...(deleteData ? dropDatabases(kinds, app.user, app.place) : []),
  ];
  // The user owns files and databases until they are gone.
  const isLast = ({ id }: Step): boolean => id === 'remove.user';
  await run(app, context)([...steps.filter((step) => !isLast(step)), ...steps.filter(isLast)]);
  if (!(await othersAreThere(app))) await run(app, context)(forgetSlipway(SERVER_HOME, app.place));
}

/** Database servers that are there: the app may have had databases in them in an earlier release. */
async function databaseKinds(app: ServerApp): Promise<string[]> {
  const { stdout } = await app.system.exec({
    argv: [
      'sh',
      '-uc',
      '[ ! -S /var/run/postgresql/.s.PGSQL.5432 ] || echo postgresql; [ ! -S /run/mysqld/mysqld.sock ] || echo mysql',
    ],
    timeoutSeconds: 30,
  });
  return stdout.split('\n').filter((kind) => kind !== '');
}

/** Another app of Slipway's, or what is kept of this one, needs what apps share. */
async function othersAreThere(app: ServerApp): Promise<boolean> {
  const folders = await app.system.list('/srv');
  const found = await Promise.all(
    folders.map((name) => app.system.exists(stateFiles({ ...app.at, state: `/srv/${name}` }).releases)),
  );
  return found.includes(true);
}
