import type { Env } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { localInteractive } from '../hosts/local.js';
import { processEnvironment, workingDirectory } from '../targets/local/release-files.js';
import { type App, openApp } from './app.js';
import type { Context } from './context.js';
import { type LocalRelease, readLive } from './release-record.js';
import { makeTempFolder } from './temp-folder.js';

/** The environment of the release's processes, as a command's. */
export function releaseEnvironment(release: LocalRelease): Env {
  const env: Record<string, Env[string]> = {};
  for (const [name, value] of Object.entries(processEnvironment(release))) {
    if (
      typeof value === 'string' ||
      (typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string')
    ) {
      env[name] = typeof value === 'string' ? value : { secret: String(value.secret) };
    }
  }
  return env;
}

/**
 * Runs a command in the current release: in the directory of manage.py, with the app's environment, on the user's own streams.
 * @returns its exit code
 * @throws Failure NOT_UP (project)
 */
export async function exec(context: Context, argv: readonly string[]): Promise<number> {
  const app = await openApp(context);
  const release = await currentRelease(app);
  await makeTempFolder(app);
  return localInteractive(
    { argv, cwd: workingDirectory(release), env: releaseEnvironment(release) },
    app.secrets.resolve,
    context.signal,
  );
}

/** @throws Failure NOT_UP (project) */
export async function currentRelease(app: App): Promise<LocalRelease> {
  const { current } = await readLive(app);
  if (current !== undefined) return current;
  throw new Failure('NOT_UP', 'project', `No release of ${app.root} is live in ${app.environment}`, { hint: 'slipway up' });
}
