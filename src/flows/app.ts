import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../core/failure.js';
import { type Host, WORK_VARIABLE } from '../core/host.js';
import { localHost } from '../hosts/local.js';
import { workMark } from '../hosts/lock.js';
import { type Layout, layout, stateFiles } from '../targets/local/layout.js';
import type { Context } from './context.js';
import { openSecrets, type Secrets } from './secret-file.js';
import { socketFolder } from './socket-folder.js';

/** One project in one environment on this machine: where its state is, and a host that knows its secrets. */
export interface App {
  /** The project's folder, absolute and real. */
  readonly root: string;
  readonly key: string;
  readonly environment: string;
  readonly at: Layout;
  readonly host: Host;
  readonly secrets: Secrets;
}

/** @throws Failure PROJECT_NONE when the folder does not exist */
export async function openApp(context: Context): Promise<App> {
  const root = await projectFolder(context.directory);
  const key = `${slug(basename(root))}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  const at = layout(context.home, key, context.environment, await socketFolder(context.home, key, context.environment));
  const secrets = openSecrets(stateFiles(at).secrets);
  return {
    root,
    key,
    environment: context.environment,
    at,
    host: localHost(secrets.resolve, { [WORK_VARIABLE]: await workMark() }),
    secrets,
  };
}

async function projectFolder(directory: string): Promise<string> {
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
