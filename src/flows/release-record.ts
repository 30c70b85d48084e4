import { basename } from 'node:path';
import type { Live, Release } from '../core/release.js';
import { releaseFiles, stateFiles } from '../targets/local/layout.js';
import type { LocalOptions } from '../targets/local/options.js';
import type { App } from './app.js';

export type LocalRelease = Release<LocalOptions>;

/** Raised when the record's shape changes, so that an older Slipway's releases are not misread. */
export const RECORD_FORMAT = 1;

/** A release as its file holds it. */
export const recordOf = (release: LocalRelease): string => JSON.stringify({ format: RECORD_FORMAT, release });

/** What is live, and what can be gone back to: releases that have held once, newest first. */
export async function readLive(app: App): Promise<Live<LocalOptions>> {
  const [current, names] = await Promise.all([currentVersion(app), releaseNames(app)]);
  const records = await Promise.all(
    names.map(async (name) => {
      const { ready, verified } = releaseFiles(app.at, name);
      const [isWhole, text] = await Promise.all([app.host.exists(name === current ? ready : verified), recordText(app, name)]);
      return isWhole ? readText(text) : undefined;
    }),
  );
  const known = records.filter((record) => record !== undefined);
  const live = known.find((record) => record.version === current);
  const previous = known.filter((record) => record.version !== current).sort((a, b) => b.version.localeCompare(a.version));
  return { ...(live === undefined ? {} : { current: live }), previous };
}

/** The release that the switch points at; undefined when none was ever live. */
export async function currentVersion(app: App): Promise<string | undefined> {
  const target = await app.host.readLink(stateFiles(app.at).live);
  return target === undefined ? undefined : basename(target);
}

/** Every folder of a release, whole or not, the oldest first. */
export async function releaseNames(app: App): Promise<string[]> {
  return [...(await app.host.list(stateFiles(app.at).releases))];
}

/** One release's record; undefined where there is none that this version can read. */
export const readRecord = async (app: App, version: string): Promise<LocalRelease | undefined> =>
  readText(await recordText(app, version));

const recordText = (app: App, version: string): Promise<string | undefined> =>
  app.host.read(releaseFiles(app.at, version).record);

function readText(text: string | undefined): LocalRelease | undefined {
  if (text === undefined) return undefined;
  const record: unknown = JSON.parse(text);
  return isRecord(record) ? record.release : undefined;
}

// The file is our own, written whole by rename in a folder only this user can write: its format number vouches for the rest.
function isRecord(value: unknown): value is { format: number; release: LocalRelease } {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === RECORD_FORMAT && 'release' in value;
}
