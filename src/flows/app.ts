import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { basename } from 'node:path';
import { Failure } from '../core/failure.js';
import { type Host, type Machine, WORK_VARIABLE } from '../core/host.js';
import { localHost } from '../hosts/local.js';
import { workMark } from '../hosts/lock.js';
import { type Layout, layout, stateFiles } from '../targets/local/layout.js';
import type { Context } from './context.js';
import { OWN_PYTHON, type OwnPython } from './package-files.js';
import { openSecrets, type Secrets } from './secret-file.js';
import { socketFolder } from './socket-folder.js';

/** One project in one environment: where its state is, and a host that knows its secrets. */
export interface App {
  /** The project's folder, absolute and real. */
  readonly root: string;
  readonly key: string;
  readonly environment: string;
  readonly at: Layout;
  /** Where it is made and where it runs, as the user that makes it. */
  readonly host: Host;
  /** The same, as the user that it runs as. */
  readonly runner: Host;
  /** Mode of files that hold what others must not read: the app's user alone, where another has made them. */
  readonly privateMode: number;
  /** Of the machine that Slipway runs on. */
  readonly fingerprintCache: string;
  readonly machine: Machine;
  /** True where the app runs as the user that makes it: its interpreters may then keep the bytecode of what they import. */
  readonly writesBytecode: boolean;
  /** Slipway's own Python code, as the host sees it. */
  readonly package: OwnPython;
  /** The environment from which tools learn how the network is reached. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  /** Has files of an earlier release, named relative to a folder of it, in the release that is being made. */
  readonly reuse: (from: string, to: string, files: readonly string[]) => Promise<void>;
}

/** @throws Failure PROJECT_NONE when the folder does not exist */
export async function openApp(context: Context): Promise<App> {
  const root = await projectFolder(context.directory);
  const key = `${slug(basename(root))}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  const at = layout(context.home, key, context.environment, await socketFolder(context.home, key, context.environment));
  const secrets = openSecrets(stateFiles(at).secrets);
  const host = localHost(secrets.resolve, { [WORK_VARIABLE]: await workMark() });
  return {
    root,
    key,
    environment: context.environment,
    at,
    host,
    runner: host,
    privateMode: 0o600,
    fingerprintCache: stateFiles(at).fingerprintCache,
    machine: thisMachine(),
    writesBytecode: true,
    package: OWN_PYTHON,
    env: process.env,
    secrets,
    reuse: host.hardLinks,
  };
}

export const thisMachine = (): Machine => ({ cores: availableParallelism(), memory: totalmem(), architecture: process.arch });

/** The folder, real. @throws Failure PROJECT_NONE */
export async function projectFolder(directory: string): Promise<string> {
  const folder = await realpath(directory).catch(() => undefined);
  if (folder === undefined || !(await stat(folder)).isDirectory()) {
    throw new Failure('PROJECT_NONE', 'project', `There is no folder ${JSON.stringify(directory)}`, { hint: 'slipway up DIR' });
  }
  return folder;
}

/** Lower-case letters, digits and dashes, for names of folders. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 32) || 'app';
}
