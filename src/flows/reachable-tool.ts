import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { reachableBy } from '../ops/service-programs.js';
import { toolPaths } from '../ops/toolbox.js';
import type { App } from './app.js';

/** Where root's things lie that another user must reach when the way to Slipway's home is closed: docs/decisions/0007-started-as-root.md */
export const OPEN_FOLDER = '/var/lib/slipway';

/**
 * A program of the embedded tools, where the user that is to run it can reach it: in place, or a copy of its folder below /var/lib/slipway.
 * @param program absolute, inside Slipway's tools, else it is given back as it is
 * @param root folder of the tool that holds the program, to be copied whole
 */
export async function reachableTool(app: App, user: string | undefined, program: string, root: string): Promise<string> {
  const { folder } = toolPaths(app.at.home);
  if (user === undefined || !program.startsWith(`${folder}/`)) return program;
  if ((await app.host.exec(reachableBy(user, program))).code === 0) return program;
  const copy = `${OPEN_FOLDER}/tools/${basename(folder)}/${root.slice(folder.length + 1).replaceAll('/', '-')}`;
  if ((await stat(copy).catch(() => undefined)) === undefined) {
    const fresh = `${copy}.${process.pid}.new`;
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await chmod(OPEN_FOLDER, 0o711);
    await cp(root, fresh, { recursive: true, verbatimSymlinks: true });
    // Of two that copy at the same time, the second finds the first one's.
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
  }
  return program.replace(root, copy);
}
