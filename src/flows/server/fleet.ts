import { isAbsolute, join } from 'node:path';
import { type EnvironmentConfig, environmentConfig } from '../../config/environment.js';
import { loadConfig } from '../../config/load.js';
import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import { nearest } from '../../core/nearest.js';
import { openSsh, type SshOptions } from '../../hosts/ssh/connect.js';
import { inspect } from '../../project/inspect.js';
import { serverLayout } from '../../targets/server/layout.js';
import type { Role } from '../../targets/server/options.js';
import { assignRoles, type NamedHost, type PlacedHost } from '../../targets/server/roles.js';
import { projectFolder } from '../app.js';
import type { Context } from '../context.js';
import { openSecrets } from '../secret-file.js';
import { withSource } from '../secret-source.js';
import { type Reached, refuse, type ServerApp, type ServerSetup, serverApp, serverName } from './app.js';
import { hostFacts, PORTS_LOOKED_AT } from './facts.js';
import { openOrMakeAccount } from './first-login.js';
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

export interface Away {
  readonly host: string;
  readonly roles: readonly Role[];
  readonly failure: Failure;
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

export interface FleetOptions {
  /** For who only looks: those that can be reached will do. */
  readonly some?: boolean;
  /** Where root is let in and the account is not there, it may be made, once that is confirmed. */
  readonly mayMakeAccount?: boolean;
}

/**
 * Connects to every server of the environment, side by side. Nothing is changed there.
 * @throws Failure TARGET_NOT_SERVER, CONFIG_MISSING, ROLE_TWICE, ROLE_MISSING (config), PROJECT_NONE (project), and what a connection meets
 */
export async function openFleet(context: Context, { some = false, mayMakeAccount = false }: FleetOptions = {}): Promise<Fleet> {
  const root = await projectFolder(context.directory);
  const { config: file } = await loadConfig(root);
  const config = environmentConfig(file, context.environment);
  const named = assignRoles(namedHosts(config));
  const [domain, ...others] = config.domains ?? [];
  if (domain === undefined)
    throw new Failure('CONFIG_MISSING', 'config', `The environment ${config.name} has no domains`, {
      hint: 'domains: [shop.example]   # in slipway.yml',
    });
  const confirm = oneByOne(context.confirm);
  // Reading the project takes as long as a login does.
  const inspecting = inspect(root);
  inspecting.catch(() => {});
  const { reached, away } = await reachAll(
    named,
    (host) => reach({ ...context, confirm }, { root, config }, host, mayMakeAccount),
    some ? named.length - 1 : 0,
  );
  try {
    const setup: ServerSetup = { root, config, domains: [domain, ...others], project: await inspecting };
    return { ...fleetOf(context, setup, reached), away };
  } catch (error) {
    await Promise.all(reached.map(({ connection }) => connection.close()));
    throw error;
  }
}

/** Opens, works and closes, whatever happens. */
export async function onFleet<T>(context: Context, work: (fleet: Fleet) => Promise<T>, options?: FleetOptions): Promise<T> {
  const fleet = await openFleet(context, options);
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

async function reach(
  context: Context,
  { root, config }: Pick<ServerSetup, 'root' | 'config'>,
  host: PlacedHost,
  mayMakeAccount: boolean,
): Promise<Reached> {
  const { address } = host;
  const sshConfig =
    config.ssh_config === undefined
      ? {}
      : { sshConfig: isAbsolute(config.ssh_config) ? config.ssh_config : join(root, config.ssh_config) };
  const options: SshOptions = {
    ...sshConfig,
    acceptKey: (fingerprint, type) =>
      context.confirm(`${address} is not known yet. Its ${type} key is ${fingerprint}. Is that right?`),
    // Kept by nobody: it goes to sudo through the connection, once.
    ...(context.askHidden === undefined
      ? {}
      : { sudoPassword: () => context.askHidden?.(`Password for sudo on ${address}`) ?? Promise.resolve('') }),
    signal: context.signal,
  };
  const connection = await (mayMakeAccount ? openOrMakeAccount(context, address, options) : openSsh(address, options));
  try {
    const facts = hostFacts(connection.name, await connection.facts(PORTS_LOOKED_AT));
    return { ...host, connection, facts, ssh: { address, ...sshConfig, sudo: connection.account.user !== 'root' } };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function namedHosts(config: EnvironmentConfig): readonly NamedHost[] {
  if (config.target !== 'server') {
    throw new Failure('TARGET_NOT_SERVER', 'usage', `\`deploy\` is for servers, and ${config.name} is on ${config.target}`, {
      hint: config.target === 'local' ? 'slipway up' : 'slipway deploy -e production',
    });
  }
  const named = (config.hosts ?? []).map((host): NamedHost => {
    if (typeof host === 'string') return { address: host };
    const { private_address: privateAddress, ...rest } = host;
    return privateAddress === undefined ? rest : { ...rest, privateAddress };
  });
  if (named.length > 0) return named;
  throw new Failure('CONFIG_MISSING', 'config', `The environment ${config.name} has no hosts`, {
    hint: 'hosts: [deploy@203.0.113.10]   # in slipway.yml',
  });
}

/** Who answers, and who does not. More of those than is borne, and it is the failure of the first; the others are let go then. */
async function reachAll(
  named: readonly PlacedHost[],
  how: (host: PlacedHost) => Promise<Reached>,
  borne: number,
): Promise<{ readonly reached: Reached[]; readonly away: Away[] }> {
  const settled = await Promise.allSettled(named.map(how));
  const reached = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const away = named.flatMap(({ address, roles }, index): Away[] => {
    const one = settled[index];
    return one?.status === 'rejected' ? [{ host: address, roles, failure: Failure.from(one.reason) }] : [];
  });
  const [first] = away;
  if (first === undefined || (away.length <= borne && first.failure.kind === 'connection')) return { reached, away };
  await Promise.all(reached.map(({ connection }) => connection.close()));
  throw first.failure;
}

/** Hosts are reached side by side; a person is asked one thing at a time. */
function oneByOne(confirm: Context['confirm']): Context['confirm'] {
  let last: Promise<unknown> = Promise.resolve();
  return (question) => {
    const answer = last.then(() => confirm(question));
    last = answer.catch(() => {});
    return answer;
  };
}
