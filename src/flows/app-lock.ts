import { Failure } from '../core/failure.js';
import { acquireLock } from '../hosts/lock.js';
import { stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { asFullDisk } from './full-disk.js';

const LOCK_SECONDS = 600;

/**
 * Does the work as the only one who changes the app; waits for another, and says so.
 * @throws Failure LOCKED (conflict), and what the work throws
 */
export async function withAppLock<T>(app: App, context: Context, command: string, work: () => Promise<T>): Promise<T> {
  const note = (message: string) => context.report({ type: 'note', message });
  const path = stateFiles(app.at).lock;
  const unlock = await acquireLock(path, {
    command,
    waitSeconds: LOCK_SECONDS,
    signal: context.signal,
    onWait: ({ command: other, pid, since }) => note(`waiting for \`slipway ${other}\` (process ${pid}), at work since ${since}`),
    onTakeOver: ({ command: other, pid }, ended) =>
      note(
        `\`slipway ${other}\` (process ${pid}) was interrupted${ended === 0 ? '' : `; ended ${ended} of its processes that still ran`}`,
      ),
  }).catch(async (error: unknown) => {
    // On a full disk nobody can take the lock; what ends the app must work all the same.
    const isFull = error instanceof Failure && error.code === 'DISK_FULL' && !(await app.host.exists(path));
    if (isFull && command === 'down') return async () => {};
    throw error;
  });
  try {
    return await work();
  } catch (error) {
    throw asFullDisk(error, app.at.home);
  } finally {
    await unlock();
  }
}
