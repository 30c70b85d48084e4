import type { Context } from '../context.js';
import { readLive } from '../release-record.js';
import { releasesOf } from '../releases.js';
import type { ReleaseEntry } from '../results.js';
import { onSystem } from './app.js';
import { onFleet } from './fleet.js';
import { readSwitch, type SwitchRecord } from './switch-record.js';

/** Releases on the first of the servers that are live or can be gone back to, newest first. */
export const releases = (context: Context): Promise<{ app: string; environment: string; releases: ReleaseEntry[] }> =>
  onFleet(context, async ({ first: app }) => {
    const entries = releasesOf(await readLive(onSystem(app)));
    const switches = await Promise.all(entries.map(({ release }) => readSwitch(app, release)));
    return {
      app: app.name,
      environment: app.environment,
      releases: entries.map((entry, index) => ({ ...entry, ...costOf(switches[index]) })),
    };
  });

const costOf = (record: SwitchRecord | undefined): Pick<ReleaseEntry, 'renameMs' | 'probe'> =>
  record === undefined ? {} : { renameMs: record.renameMs, probe: record.probe };
