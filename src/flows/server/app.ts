import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { type EnvironmentConfig, environmentConfig } from '../../config/environment.js';
import { loadConfig } from '../../config/load.js';
import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import type { Project } from '../../core/project.js';
import { openSsh, type SshConnection } from '../../hosts/ssh/connect.js';
import type { InteractivePlace } from '../../hosts/ssh/interactive.js';
import { inspect } from '../../project/inspect.js';
import { BUILDER } from '../../targets/server/base.js';
import { packageFolder, SERVER_HOME, serverKey, serverLayout, serverUser } from '../../targets/server/layout.js';
import type { ServerHost } from '../../targets/server/options.js';
import { type App, projectFolder, slug } from '../app.js';
import type { Context } from '../context.js';
import { ownPythonHash } from '../package-files.js';
import { hostStore, openSecrets } from '../secret-file.js';
import { type HostFacts, hostFacts } from './facts.js';

/** An app on one server: the same as one on this machine, reached over a connection. */
export interface ServerApp extends App {
  /** What the app is called there: its units, its folder, its database. */
  readonly name: string;
  /** Whom its processes run as. */
  readonly user: string;
  /** The host as steps know it. */
  readonly place: ServerHost;
  /** The same host, as root. */
  readonly system: Host;
  readonly connection: SshConnection;
  /** How a terminal is had there. */
  readonly ssh: InteractivePlace;
  readonly facts: HostFacts;
  readonly config: EnvironmentConfig;
  /** The canonical one first. */
  readonly domains: readonly [string, ...string[]];
  readonly project: Project;
}

/**
 * Connects to the server of the environment. Nothing is changed there.
 * @throws Failure TARGET_NOT_SERVER, HOSTS_SEVERAL (config), PROJECT_NONE (project), and what the connection meets
 */
export async function openServer(context: Context): Promise<ServerApp> {
  const root = await projectFolder(context.directory);
  const { config: file } = await loadConfig(root);
  const config = environmentConfig(file, context.environment);
  const [address] = addresses(config);
  const [domain, ...others] = config.domains ?? [];
  if (domain === undefined)
    throw new Failure('CONFIG_MISSING', 'config', `The environment ${config.name} has no domains`, {
      hint: 'domains: [shop.example]   # in slipway.yml',
    });
  const project = await inspect(root);
  const name = serverKey(slug(config.app ?? project.name.value), config.name);
  const user = serverUser(name);
  const at = serverLayout(name);
  const sshConfig =
    config.ssh_config === undefined
      ? {}
      : { sshConfig: isAbsolute(config.ssh_config) ? config.ssh_config : join(root, config.ssh_config) };
  const connection = await openSsh(address, {
    ...sshConfig,
    acceptKey: (fingerprint, type) =>
      context.confirm(`${address} is not known yet. Its ${type} key is ${fingerprint}. Is that right?`),
    signal: context.signal,
  });
  try {
    const bare = connection.host({ secrets: refuse });
    const facts = await hostFacts(bare);
    const secrets = openSecrets(hostStore(bare, `${at.state}/secrets.json`));
    const hostAs = (user: string): Host =>
      connection.host({
        ...(user === 'root' ? {} : { user }),
        ...(user === BUILDER ? { store: `${SERVER_HOME}/build/store` } : {}),
        secrets: secrets.resolve,
      });
    const own = packageFolder(SERVER_HOME, ownPythonHash());
    return {
      root,
      key: `${name}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`,
      environment: config.name,
      at,
      host: hostAs(BUILDER),
      runner: hostAs(user),
      system: hostAs('root'),
      // The builder's folders give the app's group to what is made in them.
      privateMode: 0o640,
      fingerprintCache: join(context.home, 'servers', name, config.name, 'fingerprint.json'),
      machine: { cores: facts.cores, memory: facts.memory, architecture: facts.architecture },
      package: { runtime: `${own}/slipway_runtime`, tools: `${own}/slipway_tools` },
      env: {},
      secrets,
      name,
      user,
      place: {
        name: connection.name,
        roles: ['web', 'worker', 'beat', 'database'],
        python: '/usr/bin/python3',
        package: own,
        systemd: facts.systemd,
      },
      connection,
      ssh: { address, ...sshConfig, sudo: !address.startsWith('root@') },
      facts,
      config,
      domains: [domain, ...others],
      project,
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Nothing that is done before the secrets are open may need one. */
const refuse = (name: string): Promise<string> =>
  Promise.reject(new Failure('BUG', 'bug', `the secret ${name} is asked for too early`));

/** Opens, works and closes, whatever happens. */
export async function onServer<T>(context: Context, work: (app: ServerApp) => Promise<T>): Promise<T> {
  const app = await openServer(context);
  try {
    return await work(app);
  } finally {
    await app.connection.close();
  }
}

function addresses(config: EnvironmentConfig): readonly [string, ...string[]] {
  if (config.target !== 'server') {
    throw new Failure('TARGET_NOT_SERVER', 'usage', `\`deploy\` is for servers, and ${config.name} is on ${config.target}`, {
      hint: config.target === 'local' ? 'slipway up' : 'slipway deploy -e production',
    });
  }
  const [first, ...more] = (config.hosts ?? []).map((host) => (typeof host === 'string' ? host : host.address));
  if (first === undefined)
    throw new Failure('CONFIG_MISSING', 'config', `The environment ${config.name} has no hosts`, {
      hint: 'hosts: [deploy@203.0.113.10]   # in slipway.yml',
    });
  if (more.length > 0)
    throw new Failure(
      'HOSTS_SEVERAL',
      'config',
      `${config.name} has ${more.length + 1} hosts, and one is all that can be deployed to yet`,
      {
        hint: `hosts: [${first}]   # in slipway.yml`,
      },
    );
  return [first];
}

/** The app as root sees it: before there is a user who builds, and where that one may not read. */
export const onSystem = (app: ServerApp): ServerApp => ({ ...app, host: app.system });
