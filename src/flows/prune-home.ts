import { readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { environmentsFolder } from '../targets/local/layout.js';

/** Environments and packages of front ends that nobody refers to, kept all the same: someone goes back to a branch of last week. */
const SPARE = 5;
/** What was used since then is left alone, whoever refers to it: another app's run may be about to. */
const UNUSED_MS = 24 * 3600_000;

/** Says that it was used just now. What is not there yet is no error. @param folder of an environment */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(`${folder}/${MARK}`, now, now).catch(() => {});
}

/** The last file an environment gets. */
const MARK = '.complete';

export interface Prunable {
  /** Names in it that must stay; asked only where something could go. */
  readonly used: () => Promise<ReadonlySet<string>>;
  readonly spare: number;
  /** What was used later than this, in ms since 1970, stays. */
  readonly before: number;
}

/**
 * Takes away environments that no kept release of any app of this home refers to, and packages of front ends that were not built for long:
 * of both the newest few stay.
 */
export async function pruneHome(home: string, now: number = Date.now()): Promise<void> {
  const limits = { spare: SPARE, before: now - UNUSED_MS };
  await pruneFolder(environmentsFolder(home), { ...limits, used: () => referredTo(home) });
  await pruneFolder(`${home}/frontends`, { ...limits, used: async () => new Set() });
}

/** Folders in `folder` that may go, gone. */
export async function pruneFolder(folder: string, { used, spare, before }: Prunable): Promise<void> {
  const names = await list(folder);
  const torn = names.filter((name) => name.endsWith(GOING));
  const whole = names.filter((name) => !name.endsWith(GOING));
  const known = await Promise.all(whole.map(async (name) => ({ name, at: await lastUse(`${folder}/${name}`) })));
  const gone = known.length > spare && known.some(({ at }) => at < before) ? await goers(known, { used, spare, before }) : [];
  for (const name of gone) await takeAway(folder, name, before);
  // Those, and what an interrupted run has left half gone.
  for (const name of [...torn, ...gone].map((name) => (name.endsWith(GOING) ? name : `${name}${GOING}`))) {
    await rm(`${folder}/${name}`, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function goers(known: readonly { readonly name: string; readonly at: number }[], limits: Prunable): Promise<string[]> {
  const used = await limits.used();
  const idle = known.filter(({ name }) => !used.has(name)).sort((a, b) => b.at - a.at);
  return idle
    .slice(limits.spare)
    .filter(({ at }) => at < limits.before)
    .map(({ name }) => name);
}

const GOING = '.going';

/** Renamed first: nobody finds half an environment. One that somebody has begun to use in that moment is put back. */
async function takeAway(folder: string, name: string, before: number): Promise<void> {
  const going = `${folder}/${name}${GOING}`;
  try {
    await rename(`${folder}/${name}`, going);
  } catch {
    return;
  }
  if ((await lastUse(going)) >= before) await rename(going, `${folder}/${name}`).catch(() => {});
}

/** In ms since 1970. */
async function lastUse(folder: string): Promise<number> {
  const mark = await stat(`${folder}/${MARK}`).catch(() => undefined);
  const found = mark ?? (await stat(folder).catch(() => undefined));
  return found?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

/** Keys of environments that a release names, whatever version of Slipway has made it. */
async function referredTo(home: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const app of await list(`${home}/apps`)) {
    for (const environment of await list(`${home}/apps/${app}`)) {
      const releases = `${home}/apps/${app}/${environment}/releases`;
      for (const release of await list(releases)) {
        const record = await readFile(`${releases}/${release}/release.json`, 'utf8').catch(() => '');
        for (const [, key] of record.matchAll(/\/environments\/([^/"]+)/g)) if (key !== undefined) keys.add(key);
      }
    }
  }
  return keys;
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => []);
