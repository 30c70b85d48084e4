import type { Fingerprint } from '../../project/fingerprint.js';
import type { Context } from '../context.js';
import { type Made, makeRelease } from '../make-release.js';
import type { Making } from '../making.js';
import type { LocalRelease } from '../release-record.js';
import type { Site } from '../site.js';
import type { ServerApp } from './app.js';
import { copyRelease } from './copy-release.js';
import { builders, type Fleet, kindOf } from './fleet.js';

/** A release on every host of the app, none of it live yet. */
export interface MadeOnFleet extends Made {
  /** Each host with the release as it has it, in order. */
  readonly releases: readonly (readonly [ServerApp, LocalRelease])[];
}

type How = (builder: ServerApp) => { readonly making: Making; readonly site: Site };

/**
 * Makes a release on the first host of each kind, and has the others of that kind take it from there. All of that comes before the databases
 * are migrated, once. Where there is one host, the last of its files may still be on their way (`Made.whole`).
 * @param how a release is made on a host
 */
export async function makeOnFleet(fleet: Fleet, context: Context, tree: Fingerprint, how: How): Promise<MadeOnFleet> {
  const { first, apps } = fleet;
  const { making, site } = how(first);
  if (apps.length === 1) {
    const alone = await makeRelease(making, site);
    return { ...alone, releases: [[first, alone.release]] };
  }
  const made = new Map<string, { readonly from: ServerApp; readonly release: LocalRelease }>();
  const spread = async (release: LocalRelease): Promise<void> => {
    made.set(kindOf(first), { from: first, release });
    for (const builder of builders(fleet)) if (builder !== first) made.set(kindOf(builder), await makeAgain(builder, how));
    const copies = apps.flatMap((to) => {
      const source = made.get(kindOf(to));
      return source === undefined || source.from === to ? [] : [{ to, ...source }];
    });
    await Promise.all(copies.map((copy) => copyRelease({ context, tree, root: making.project.root, ...copy })));
  };
  const own = await makeRelease(making, { ...site, spread });
  await own.whole;
  return { ...own, releases: apps.map((app) => [app, made.get(kindOf(app))?.release ?? own.release] as const) };
}

/** Of another system or architecture: what is built on one does not run on the other. */
async function makeAgain(builder: ServerApp, how: How): Promise<{ from: ServerApp; release: LocalRelease }> {
  const { making, site } = how(builder);
  const { release, whole } = await makeRelease({ ...making, migrates: false }, site);
  await whole;
  return { from: builder, release };
}
