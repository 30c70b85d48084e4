import type { ServerRelease } from '../../targets/server/options.js';
import type { LocalRelease } from '../release-record.js';
import type { ServerApp } from './app.js';
import { serverRelease } from './release.js';

/** A release on one of its hosts, and what is live there until it takes over. */
export interface Part {
  readonly app: ServerApp;
  readonly record: LocalRelease;
  readonly release: ServerRelease;
  /** What is live now on this host; undefined where nothing is. */
  readonly current: LocalRelease | undefined;
  /** What it takes over from: undefined where nothing is live, or this very release. */
  readonly before: ServerRelease | undefined;
  /** It is live here already. */
  readonly again: boolean;
}

/** @param record as this host has it */
export function partOf(app: ServerApp, record: LocalRelease, current: LocalRelease | undefined): Part {
  const release = serverRelease(record);
  const again = current?.version === release.version;
  return { app, record, release, current, again, before: current === undefined || again ? undefined : serverRelease(current) };
}
