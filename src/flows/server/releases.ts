import type { Context } from '../context.js';
import { readLive } from '../release-record.js';
import { releasesOf } from '../releases.js';
import type { ReleaseEntry } from '../results.js';
import { onServer, onSystem } from './app.js';

/** Releases on the server that are live or can be gone back to, newest first. */
export const releases = (context: Context): Promise<{ app: string; environment: string; releases: ReleaseEntry[] }> =>
  onServer(context, async (app) => ({
    app: app.name,
    environment: app.environment,
    releases: releasesOf(await readLive(onSystem(app))),
  }));
