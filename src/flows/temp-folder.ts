import { rmdir } from 'node:fs/promises';
import type { Host } from '../core/host.js';
import { sockets } from '../targets/local/layout.js';
import type { App } from './app.js';
import { makeSocketFolder } from './socket-folder.js';

/** The folder of the temporary files of the app's processes, there. @throws Failure RUN_FOLDER_FOREIGN, NOT_WRITABLE */
export async function makeTempFolder({ at, host }: Pick<App, 'at' | 'host'>): Promise<void> {
  await makeSocketFolder(at.run, host);
  await host.folder(sockets(at).temp, 0o700);
}

/**
 * Does the work with a folder for the temporary files of all that it starts: installers and builds leave many behind, which go with it.
 * @throws what the work throws, and Failure RUN_FOLDER_FOREIGN, NOT_WRITABLE
 */
export async function withWorkFolder<T>(app: App, work: (app: App) => Promise<T>): Promise<T> {
  const { work: folder } = sockets(app.at);
  await makeSocketFolder(app.at.run, app.host);
  await app.host.folder(folder, 0o700);
  const host = withTemp(app.host, folder);
  try {
    return await work({ ...app, host, runner: host });
  } finally {
    await app.host.remove(folder);
    // Nothing is in it where nothing was started.
    await rmdir(app.at.run).catch(() => {});
  }
}

/** Another user cannot write into this one's folder. */
const withTemp = (host: Host, folder: string): Host => ({
  ...host,
  exec: (command, options) =>
    host.exec(command.user === undefined ? { ...command, env: { TMPDIR: folder, ...command.env } } : command, options),
});
