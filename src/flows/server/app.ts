import { createHash } from 'node:crypto';
import type { EnvironmentConfig } from '../../config/environment.js';
import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import type { Project } from '../../core/project.js';
import type { SshConnection } from '../../hosts/ssh/connect.js';
import type { InteractivePlace } from '../../hosts/ssh/interactive.js';
import { BUILDER } from '../../targets/server/base.js';
import { packageFolder, SERVER_HOME, serverKey, serverLayout, serverUser } from '../../targets/server/layout.js';
import type { ServerHost } from '../../targets/server/options.js';
import type { PlacedHost } from '../../targets/server/roles.js';
import { type App, slug } from '../app.js';
import type { Context } from '../context.js';
import { ownPythonHash } from '../package-files.js';
import type { Secrets } from '../secret-file.js';
import type { HostFacts } from './facts.js';

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
  /** Where the other hosts of the environment reach it, as slipway.yml says. */
  readonly privateAddress?: string;
  /** How a terminal is had there. */
  readonly ssh: InteractivePlace;
  readonly facts: HostFacts;
  readonly config: EnvironmentConfig;
  /** The canonical one first. */
  readonly domains: readonly [string, ...string[]];
  readonly project: Project;
}

/** What is the same on every server of an environment. */
export interface ServerSetup {
  readonly root: string;
  readonly config: EnvironmentConfig;
  readonly domains: readonly [string, ...string[]];
  readonly project: Project;
}

/** One server of it, answering. */
export interface Reached extends PlacedHost {
  readonly connection: SshConnection;
  readonly facts: HostFacts;
  readonly ssh: InteractivePlace;
}

/** How the app of a setup is called on its servers. */
export const serverName = ({ config, project }: ServerSetup): string =>
  serverKey(slug(config.app ?? project.name.value), config.name);

/** The app as it is on one server. */
export function serverApp(context: Context, setup: ServerSetup, reached: Reached, secrets: Secrets): ServerApp {
  const { root, config, domains, project } = setup;
  const { connection, facts, ssh, roles } = reached;
  const name = serverName(setup);
  const user = serverUser(name);
  const own = packageFolder(SERVER_HOME, ownPythonHash());
  const hostAs = (user: string): Host =>
    connection.host({
      ...(user === 'root' ? {} : { user }),
      ...(user === BUILDER ? { store: `${SERVER_HOME}/build/store` } : {}),
      secrets: secrets.resolve,
    });
  return {
    root,
    key: `${name}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`,
    environment: config.name,
    at: serverLayout(name),
    host: hostAs(BUILDER),
    runner: hostAs(user),
    system: hostAs('root'),
    // The builder's folders give the app's group to what is made in them.
    privateMode: 0o640,
    fingerprintCache: `${context.home}/servers/${name}/${config.name}/fingerprint.json`,
    writesBytecode: false,
    machine: { cores: facts.cores, memory: facts.memory, architecture: facts.architecture },
    package: { runtime: `${own}/slipway_runtime`, tools: `${own}/slipway_tools` },
    env: {},
    secrets,
    reuse: (from, to, files) => copyAsBuilder(hostAs('root'), from, to, files),
    name,
    user,
    place: { name: connection.name, roles, python: '/usr/bin/python3', package: own, systemd: facts.systemd },
    connection,
    ...(reached.privateAddress === undefined ? {} : { privateAddress: reached.privateAddress }),
    ssh,
    facts,
    config,
    domains,
    project,
  };
}

/** A release that is whole is root's, and a new one the builder's: root reads, and the builder writes. */
async function copyAsBuilder(system: Host, from: string, to: string, files: readonly string[]): Promise<void> {
  const script = 'tar -C "$1" -cf - --null --no-recursion -T - | runuser -u "$3" -- tar -C "$2" -xf - --no-same-owner';
  const { code, stderr } = await system.exec({
    argv: ['bash', '-euo', 'pipefail', '-c', script, 'bash', from, to, BUILDER],
    stdin: files.map((file) => `${file}\0`).join(''),
    timeoutSeconds: 300,
  });
  if (code !== 0)
    throw new Failure('COMMAND_FAILED', 'remote', `What is built could not be copied on ${system.name}`, { detail: stderr });
}

/** Nothing that is done before the secrets are open may need one. */
export const refuse = (name: string): Promise<string> =>
  Promise.reject(new Failure('BUG', 'bug', `the secret ${name} is asked for too early`));

/** The app as root sees it: before there is a user who builds, and where that one may not read. */
export const onSystem = (app: ServerApp): ServerApp => ({ ...app, host: app.system });
