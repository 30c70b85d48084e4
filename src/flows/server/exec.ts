import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.js';
import { interactiveOn } from '../../hosts/ssh/interactive.js';
import { serverEnvironment } from '../../targets/server/credentials.js';
import { launcherOf } from '../../targets/server/options.js';
import { workingDirectory } from '../../targets/server/release-files.js';
import type { Context } from '../context.js';
import { type LocalRelease, readLive } from '../release-record.js';
import { onSystem, type ServerApp } from './app.js';
import { hostNamed, onFleet } from './fleet.js';
import { serverRelease } from './release.js';

/**
 * Runs a command in the current release on the first of the servers, or another one of the app's: in the directory of manage.py, with the app's environment and as its user, on the
 * user's own streams. The environment goes there as a file that only that user reads, for as long as the command runs.
 * @returns its exit code
 * @throws Failure NOT_UP (project), HOST_UNKNOWN (usage)
 */
export const exec = (context: Context, argv: readonly string[], host?: string): Promise<number> =>
  onFleet(context, async (fleet) => {
    const app = host === undefined ? fleet.first : hostNamed(fleet, host);
    const release = serverRelease(await currentRelease(app));
    const file = `${app.at.run}/exec-${randomBytes(6).toString('hex')}.json`;
    const json = { argv, cwd: workingDirectory(release), env: serverEnvironment(release), umask: 0o022 };
    await app.runner.write(file, { json }, 0o600);
    try {
      const launch = [app.place.python, '-I', '-S', launcherOf(app.place), file];
      return await interactiveOn(app.ssh, ['runuser', '-u', app.user, '--', ...launch], context.signal);
    } finally {
      await app.system.remove(file);
    }
  });

/** @throws Failure NOT_UP (project) */
export async function currentRelease(app: ServerApp): Promise<LocalRelease> {
  const { current } = await readLive(onSystem(app));
  if (current !== undefined) return current;
  throw new Failure('NOT_UP', 'project', `No release of ${app.name} is live in ${app.environment}`, {
    hint: `slipway deploy -e ${app.environment}`,
  });
}
