import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { Failure } from '../core/failure.js';

/**
 * The folder the user points at, absolute; with -C and an argument, the argument is seen from there.
 * @throws Failure DIRECTORY_NONE
 */
export async function projectDirectory(cwd: string, project: string | undefined, argument: string | undefined): Promise<string> {
  const directory = resolve(cwd, project ?? '', argument ?? '');
  const folder = await stat(directory).catch(() => undefined);
  if (folder?.isDirectory()) return directory;
  const what = folder === undefined ? 'There is no folder' : 'This is a file and no folder:';
  throw new Failure('DIRECTORY_NONE', 'usage', `${what} ${JSON.stringify(directory)}`, {
    hint: 'slipway up DIR   # the folder of your project',
  });
}

/** Paths below it are written into configuration files of many programs; these characters mean something in one or the other. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NOT_IN_HOME = /[\x00-\x1f\x7f$'"`\\%]/;

/**
 * Root of all state: SLIPWAY_HOME, else the XDG state directory (https://specifications.freedesktop.org/basedir-spec/latest/).
 * @throws Failure HOME_UNUSABLE when its path holds a character that cannot be written everywhere
 */
export function slipwayHome(env: Readonly<Record<string, string | undefined>>, userHome: string, cwd: string): string {
  const xdg = env['XDG_STATE_HOME'];
  // "All paths set in these environment variables must be absolute": a relative one is to be ignored.
  const state = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] || userHome, '.local/state');
  const home = env['SLIPWAY_HOME'] ? resolve(cwd, env['SLIPWAY_HOME']) : resolve(cwd, state, 'slipway');
  const bad = NOT_IN_HOME.exec(home)?.[0];
  if (bad === undefined) return home;
  throw new Failure(
    'HOME_UNUSABLE',
    'usage',
    `Slipway's state cannot live in ${JSON.stringify(home)}: its path holds ${JSON.stringify(bad)}`,
    {
      hint: 'SLIPWAY_HOME=/a/plain/path slipway …',
    },
  );
}
