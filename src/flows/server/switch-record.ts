import type { Proof } from '../../targets/server/edge-tally.js';
import { releaseFiles } from '../../targets/server/layout.js';
import type { ServerApp } from './app.js';

/** What a switch cost, kept beside the release that was switched to. */
export interface SwitchRecord {
  /** RFC 3339, by the clock of the machine Slipway ran on. */
  readonly time: string;
  /** What was live before. */
  readonly from: string | null;
  readonly to: string;
  /** How long the rename took that moved the traffic, in ms, by the host's own clock; null where it was live already. */
  readonly renameMs: number | null;
  /** What requests met that were sent through the edge all the while; null on a host without one. */
  readonly probe: Proof | null;
  /** Why it went back; absent where it held. */
  readonly problem?: string;
}

/** Of the last switch to a release; undefined where there is no record that can be read. */
export async function readSwitch(app: ServerApp, version: string): Promise<SwitchRecord | undefined> {
  const text = await app.system.read(releaseFiles(app.at, version).switched);
  try {
    const record: unknown = JSON.parse(text ?? '');
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

// Our own file, in a folder that only root can write.
const isRecord = (value: unknown): value is SwitchRecord =>
  typeof value === 'object' && value !== null && 'to' in value && 'probe' in value && 'renameMs' in value;

export const writeSwitch = (app: ServerApp, record: SwitchRecord): Promise<void> =>
  app.system.write(releaseFiles(app.at, record.to).switched, `${JSON.stringify(record)}\n`);
