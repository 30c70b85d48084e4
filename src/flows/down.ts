import { createHash } from 'node:crypto';
import { rm, rmdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Failure } from '../core/failure.js';
import { type App, openApp, slug } from './app.js';
import { withAppLock } from './app-lock.js';
import type { Context } from './context.js';
import { currentVersion, readLive } from './release-record.js';
import { endEverything } from './supervision.js';

export interface DownResult {
  readonly app: string;
  readonly environment: string;
  /** The release that was live. */
  readonly release: string | null;
}

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
    const strays = await endEverything(app);
    if (strays > 0)
      context.report({
        type: 'note',
        message: `ended ${strays === 1 ? 'a process that had' : `${strays} processes that had`} lost their supervisor`,
      });
    if (options.deleteData) await deleteEverything(app);
    return { app: current?.app ?? slug(basename(app.root)), environment: app.environment, release };
  });
}

async function deleteEverything(app: App): Promise<void> {
  const outside = createHash('sha256').update(app.at.state).digest('hex').slice(0, 12);
  for (const path of [app.at.state, app.at.run, `/var/lib/slipway/${outside}`])
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  // Gone with its last environment.
  await rmdir(dirname(app.at.state)).catch(() => {});
}
