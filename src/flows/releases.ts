import { basename } from 'node:path';
import type { Live } from '../core/release.js';
import type { LocalOptions } from '../targets/local/options.js';
import { openApp, slug } from './app.js';
import type { Context } from './context.js';
import { type LocalRelease, readLive } from './release-record.js';
import type { ReleaseEntry } from './results.js';

/** Releases that are live or can be gone back to, newest first. */
export async function releases(context: Context): Promise<{ app: string; environment: string; releases: ReleaseEntry[] }> {
  const app = await openApp(context);
  const live = await readLive(app);
  return { app: live.current?.app ?? slug(basename(app.root)), environment: app.environment, releases: releasesOf(live) };
}

/** What is told of releases, newest first. */
export function releasesOf({ current, previous }: Live<LocalOptions>): ReleaseEntry[] {
  const all = [...(current === undefined ? [] : [current]), ...previous].sort((a, b) => b.version.localeCompare(a.version));
  const entry = (release: LocalRelease): ReleaseEntry => ({
    release: release.version,
    current: release.version === current?.version,
    created: release.options.created,
    commit: release.source.commit ?? null,
    dirty: release.source.dirty ?? false,
  });
  return all.map(entry);
}
