import type { Context } from '../context.js';
import { readLive } from '../release-record.js';
import { releasesOf } from '../releases.js';
import type { ReleaseEntry } from '../results.js';
import { onSystem } from './app.js';
import { onFleet } from './fleet.js';

/** Releases on the first of the servers that are live or can be gone back to, newest first. */
export const releases = (context: Context): Promise<{ app: string; environment: string; releases: ReleaseEntry[] }> =>
  onFleet(context, async ({ first: app }) => ({
    app: app.name,
    environment: app.environment,
    releases: releasesOf(await readLive(onSystem(app))),
  }));
