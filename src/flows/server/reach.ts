import { isAbsolute, join } from 'node:path';
import { type EnvironmentConfig, environmentConfig } from '../../config/environment.js';
import { loadConfig } from '../../config/load.js';
import { Failure } from '../../core/failure.js';
import { openSsh, type SshOptions } from '../../hosts/ssh/connect.js';
import type { Role } from '../../targets/server/options.js';
import { assignRoles, type NamedHost, type PlacedHost } from '../../targets/server/roles.js';
import { projectFolder } from '../app.js';
import type { Context } from '../context.js';
import type { Reached, ServerSetup } from './app.js';
import { hostFacts, PORTS_LOOKED_AT } from './facts.js';
import { openOrMakeAccount } from './first-login.js';

export interface Away {
  readonly host: string;
  readonly roles: readonly Role[];
  readonly failure: Failure;
}

export interface ReachOptions {
  /** For who only looks: those that can be reached will do. */
  readonly some?: boolean;
  /** Where root is let in and the account is not there, it may be made, once that is confirmed. */
  readonly mayMakeAccount?: boolean;
}

/** The servers of an environment that answer, and what slipway.yml says of it. */
export interface ReachedHosts extends Pick<ServerSetup, 'root' | 'config' | 'domains'> {
  readonly reached: readonly Reached[];
  readonly away: readonly Away[];
}

/**
 * Connects to every server of the environment, side by side. Nothing is changed there.
 * @param begun called when all that is left is to wait for the hosts
 * @throws Failure TARGET_NOT_SERVER, CONFIG_MISSING, ROLE_TWICE, ROLE_MISSING (config), PROJECT_NONE (project), and what a connection meets
 */
export async function reachHosts(
  context: Context,
  { some = false, mayMakeAccount = false }: ReachOptions = {},
  begun: () => void = () => {},
): Promise<ReachedHosts> {
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
  const reaching = reachAll(
    named,
    (host) => reachOne({ ...context, confirm }, { root, config }, host, mayMakeAccount),
    some ? named.length - 1 : 0,
  );
  begun();
  const { reached, away } = await reaching;
  return { root, config, domains: [domain, ...others], reached, away };
}

/** Logins that are under way. */
export interface Reaching {
  /** Fails as `reachHosts` does. */
  readonly hosts: Promise<ReachedHosts>;
}

/** Begins to reach them as `deploy` does, which can be loaded meanwhile: there when all that is left is to wait for the hosts. */
export async function reachToDeploy(context: Context): Promise<Reaching> {
  let hasBegun: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const hosts = reachHosts(context, { mayMakeAccount: true }, hasBegun);
  await Promise.race([begun, hosts.catch(() => {})]);
  return { hosts };
}

async function reachOne(
  context: Context,
  { root, config }: Pick<ReachedHosts, 'root' | 'config'>,
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
