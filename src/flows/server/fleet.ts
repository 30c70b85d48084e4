import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import { nearest } from '../../core/nearest.js';
import { inspect } from '../../project/inspect.js';
import { serverLayout } from '../../targets/server/layout.js';
import type { Role } from '../../targets/server/options.js';
import { projectFolder } from '../app.js';
import type { Context } from '../context.js';
import { openSecrets } from '../secret-file.js';
import { withSource } from '../secret-source.js';
import { type Reached, refuse, type ServerApp, type ServerSetup, serverApp, serverName } from './app.js';
import { type Away, type Reaching, type ReachOptions, reachHosts } from './reach.js';
import { sealedStore } from './sealed-secrets.js';
import { sharedStore } from './shared-secrets.js';

/** An app on all servers of its environment, each reached over a connection of its own. */
export interface Fleet {
  /** In the order of slipway.yml. */
  readonly hosts: readonly [ServerApp, ...ServerApp[]];
  /** Where a release is made, migrations and commands run: the first with web processes, else with workers. */
  readonly first: ServerApp;
  /** Those where the app's own processes run, in order; `first` is among them. */
  readonly apps: readonly ServerApp[];
  /** Where its database server is, if Slipway runs one. */
  readonly database: ServerApp | undefined;
  /** Hosts that could not be reached, where that is borne. */
  readonly away: readonly Away[];
  /** Has every host keep the same secrets. */
  readonly alignSecrets: () => Promise<void>;
}

export const hasRole = ({ place }: ServerApp, role: Role): boolean => place.roles.includes(role);

/** The hosts of a role, in order. */
export const hostsOf = ({ hosts }: Fleet, role: Role): readonly ServerApp[] => hosts.filter((host) => hasRole(host, role));

/** By its address in slipway.yml, with or without the user. @throws Failure HOST_UNKNOWN (usage) */
export function hostNamed({ apps, first }: Fleet, name: string): ServerApp {
  const found = apps.find(({ place }) => place.name === name || place.name.endsWith(`@${name}`));
  if (found !== undefined) return found;
  const names = apps.map(({ place }) => place.name);
  const meant = nearest(name, names);
  throw new Failure('HOST_UNKNOWN', 'usage', `No host of ${first.environment} that runs the app is called ${name}`, {
    hint: meant === undefined ? `known: ${names.join(', ')}` : `did you mean ${meant}?`,
  });
}

/** Hosts of one kind run the same files. */
export const kindOf = ({ facts: { system, version, architecture } }: ServerApp): string => `${system} ${version} ${architecture}`;

/** Where releases are made: on the first host of each kind. */
export const builders = ({ apps, first }: Fleet): readonly ServerApp[] => [
  first,
  ...apps.filter(
    (app, index) => kindOf(app) !== kindOf(first) && apps.findIndex((other) => kindOf(other) === kindOf(app)) === index,
  ),
];

/** How steps find their host: as root. */
export const systemOf =
  ({ hosts }: Fleet) =>
  (name: string): Host => {
    const found = hosts.find(({ place }) => place.name === name);
    if (found === undefined) throw new Failure('BUG', 'bug', `a step is for the host ${name}, which there is not`);
    return found.system;
  };

/**
 * The servers of the environment, all connected to. Nothing is changed there.
 * @param reaching where it has begun already
 * @throws Failure ROLE_MISSING (config), PROJECT_NONE (project), and what `reachHosts` throws
 */
export async function openFleet(
  context: Context,
  options: ReachOptions = {},
  reaching: Reaching = { hosts: reachHosts(context, options) },
): Promise<Fleet> {
  // Reading the project takes as long as a login does.
  const inspecting = projectFolder(context.directory).then(inspect);
  inspecting.catch(() => {});
  const { root, config, domains, reached, away } = await reaching.hosts;
  try {
    const setup: ServerSetup = { root, config, domains, project: await inspecting };
    return { ...fleetOf(context, setup, reached), away };
  } catch (error) {
    await Promise.all(reached.map(({ connection }) => connection.close()));
    throw error;
  }
}

/** Opens, works and closes, whatever happens. */
export async function onFleet<T>(
  context: Context,
  work: (fleet: Fleet) => Promise<T>,
  options?: ReachOptions,
  reaching?: Reaching,
): Promise<T> {
  const fleet = await openFleet(context, options, reaching);
  try {
    return await work(fleet);
  } finally {
    await Promise.all(fleet.hosts.map(({ connection }) => connection.close()));
  }
}

function fleetOf(context: Context, setup: ServerSetup, reached: readonly Reached[]): Omit<Fleet, 'away'> {
  const path = `${serverLayout(serverName(setup)).state}/secrets.json`;
  const keepers = reached.filter(({ roles }) => roles.some(isOwn));
  const stores = keepers.map(({ connection, facts }) => sealedStore(connection.host({ secrets: refuse }), path, facts.systemd));
  const store = sharedStore(stores);
  const secrets = withSource(openSecrets(store, ` -e ${setup.config.name}`), setup.config, setup.root, context.host);
  const [one, ...more] = reached.map((each) => serverApp(context, setup, each, secrets));
  const hosts = one === undefined ? undefined : ([one, ...more] as const);
  const apps = (hosts ?? []).filter(({ place }) => place.roles.some(isOwn));
  const first = apps.find((app) => hasRole(app, 'web')) ?? apps[0];
  if (hosts === undefined || first === undefined)
    throw new Failure(
      'ROLE_MISSING',
      'config',
      `No host of ${setup.config.name} runs the app: all have the role database alone`,
      {
        hint: `hosts: [{address: ${reached[0]?.address}, roles: [web, worker, beat, database]}]`,
      },
    );
  return { hosts, apps, first, database: hosts.find((app) => hasRole(app, 'database')), alignSecrets: store.align };
}

/** The app's own processes, as against what they lean on. */
const isOwn = (role: Role): boolean => role !== 'database';
