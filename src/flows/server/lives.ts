import type { Live } from '../../core/release.js';
import type { LocalOptions } from '../../targets/local/options.js';
import { type LocalRelease, readLive } from '../release-record.js';
import { onSystem, type ServerApp } from './app.js';
import type { Fleet } from './fleet.js';
import { isWhole } from './running.js';

/** What each of the app's hosts has: they differ after a run that was cut off. */
export type Lives = ReadonlyMap<ServerApp, Live<LocalOptions>>;

export const readLives = async ({ apps }: Pick<Fleet, 'apps'>): Promise<Lives> =>
  new Map(await Promise.all(apps.map(async (app) => [app, await readLive(onSystem(app))] as const)));

/** The release that is live on all of them, and whole; undefined where there is none such. */
export async function liveOf(lives: Lives): Promise<LocalRelease | undefined> {
  const all = [...lives].map(([app, { current }]) => ({ app, current }));
  const version = all[0]?.current?.version;
  if (version === undefined || all.some(({ current }) => current?.version !== version)) return undefined;
  const whole = await Promise.all(all.map(({ app, current }) => current !== undefined && isWhole(app, current)));
  return whole.includes(false) ? undefined : all[0]?.current;
}

/** Where releases differ, what a person has to know: `h1 20261121-…, h2 none`. */
export const describeLives = (lives: Lives): string =>
  [...lives].map(([{ place }, { current }]) => `${place.name} ${current?.version ?? 'none'}`).join(', ');
