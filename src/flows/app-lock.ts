import { acquireLock } from '../hosts/lock.js';
import { stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import type { Context } from './context.js';

const LOCK_SECONDS = 600;

/**
 * Does the work as the only one who changes the app; waits for another, and says so.
 * @throws Failure LOCKED (conflict), and what the work throws
 */
export async function withAppLock<T>(app: App, context: Context, command: string, work: () => Promise<T>): Promise<T> {
  const note = (message: string) => context.report({ type: 'note', message });
  const unlock = await acquireLock(stateFiles(app.at).lock, {
    command,
    waitSeconds: LOCK_SECONDS,
    signal: context.signal,
    onWait: ({ command: other, pid, since }) => note(`waiting for \`slipway ${other}\` (process ${pid}), at work since ${since}`),
    onTakeOver: ({ command: other, pid }, ended) =>
      note(
        `\`slipway ${other}\` (process ${pid}) was interrupted${ended === 0 ? '' : `; ended ${ended} of its processes that still ran`}`,
      ),
  });
  try {
    return await work();
  } finally {
    await unlock();
  }
}
