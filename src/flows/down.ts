import { createHash } from 'node:crypto';
import { rm, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Failure } from '../core/failure.js';
import { rpc } from '../ops/supervisor.js';
import { sockets } from '../targets/local/layout.js';
import { type App, openApp, slug } from './app.js';
import { withAppLock } from './app-lock.js';
import type { Context } from './context.js';
import { currentVersion, readLive } from './release-record.js';
import { endLost, findLost } from './supervision.js';

export interface DownResult {
  readonly app: string;
  readonly environment: string;
  /** The release that was live. */
  readonly release: string | null;
}

const MOST_SECONDS = 330;

/**
 * Ends everything of the app; data, releases and secrets stay, unless asked for.
 * @throws Failure NOT_CONFIRMED (cancelled) when the deletion of data is not confirmed
 */
export async function down(context: Context, options: { readonly deleteData: boolean }): Promise<DownResult> {
  const app = await openApp(context);
  if (
    options.deleteData &&
    !(await context.confirm(`Delete the databases, uploads, releases and secrets of ${app.root} (${app.environment}) for good?`))
  ) {
    throw new Failure('NOT_CONFIRMED', 'cancelled', 'Nothing was stopped and nothing deleted', {
      hint: 'slipway down --delete-data --yes',
    });
  }
  return withAppLock(app, context, 'down', async () => {
    const { current } = await readLive(app);
    const release = (await currentVersion(app)) ?? null;
    await endSupervisor(app);
    await goneByThemselves(app);
    const strays = await endLost(app);
    if (strays > 0)
      context.report({
        type: 'note',
        message: `ended ${strays === 1 ? 'a process that had' : `${strays} processes that had`} lost their supervisor`,
      });
    for (const folder of [sockets(app.at).temp, sockets(app.at).work]) await app.host.remove(folder);
    if (options.deleteData) await deleteEverything(app);
    return { app: current?.app ?? slug(basename(app.root)), environment: app.environment, release };
  });
}

async function endSupervisor(app: App): Promise<void> {
  const socket = sockets(app.at).supervisor;
  const asked = await app.host.request(rpc.shutdown(socket)).catch(() => undefined);
  if (asked === undefined) return;
  const deadline = Date.now() + MOST_SECONDS * 1000;
  while (Date.now() < deadline && (await app.host.request(rpc.state(socket)).catch(() => undefined)) !== undefined) {
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** The supervisor stops answering a moment before it is gone. */
async function goneByThemselves(app: App): Promise<void> {
  const deadline = Date.now() + 3000;
  while (Date.now() < deadline && (await findLost(app)).length > 0) {
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function deleteEverything(app: App): Promise<void> {
  const outside = createHash('sha256').update(app.at.state).digest('hex').slice(0, 12);
  for (const path of [app.at.state, app.at.run, `/var/lib/slipway/${outside}`])
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  // Gone with its last environment.
  await rmdir(dirname(app.at.state)).catch(() => {});
}
