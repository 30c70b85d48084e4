import { Failure } from '../core/failure.js';
import { isReleaseReady } from '../ops/readiness.js';
import { type ProcessInfo, parseProcesses, rpc } from '../ops/supervisor.js';
import { groupOf, releaseFiles, sockets, stateFiles } from '../targets/local/layout.js';
import { beatGroupOf, hasBeatGroup } from '../targets/local/programs.js';
import { readyRequest } from '../targets/local/ready-request.js';
import type { App } from './app.js';
import type { LocalRelease } from './release-record.js';

/** What runs of an app, as far as `up` needs to know. */
export interface Running {
  /** The release answers, it has held behind the edge, and all its processes, its edge and its services are up. */
  readonly whole: boolean;
  /** Releases that run beside it and are not finishing their work: an interrupted run has left them. */
  readonly left: readonly string[];
  /** The supervisor answers. */
  readonly supervised: boolean;
}

const NOTHING: Running = { whole: false, left: [], supervised: false };

/** @param release the live one */
export async function readRunning(app: App, release: LocalRelease | undefined): Promise<Running> {
  try {
    const response = await app.host.request(rpc.processes(sockets(app.at).supervisor));
    const processes = parseProcesses(response);
    return {
      whole: release !== undefined && (await isWhole(app, release, processes)),
      left: leftOver(processes, release?.version),
      supervised: true,
    };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'connection') return NOTHING;
    throw error;
  }
}

async function isWhole(app: App, release: LocalRelease, processes: readonly ProcessInfo[]): Promise<boolean> {
  const { version } = release;
  const own = processes.filter(({ group }) => !group.startsWith('drain-') && !isOfOther(group, version));
  const wanted = ['edge', groupOf(version), ...(hasBeatGroup(release) ? [beatGroupOf(version)] : [])];
  if (!wanted.every((name) => own.some(({ group }) => group === name))) return false;
  if (!own.every(({ state }) => state === 'running' || state === 'starting')) return false;
  const [ready, verified, edge] = await Promise.all([
    app.host.request(readyRequest(release)).catch(() => undefined),
    app.host.exists(releaseFiles(app.at, version).verified),
    isEdgeInPlace(app),
  ]);
  return isReleaseReady(ready).ready && verified && edge;
}

/** False between the moment a configuration was made and the moment nginx runs with it. */
async function isEdgeInPlace(app: App): Promise<boolean> {
  const { edge } = stateFiles(app.at);
  const [next, now] = await Promise.all([app.host.read(`${edge}/nginx.conf.next`), app.host.read(`${edge}/nginx.conf`)]);
  return next === now;
}

const VERSION_OF_GROUP = /^(?:release|beat)-(.+)$/;

const isOfOther = (group: string, version: string): boolean => {
  const of = VERSION_OF_GROUP.exec(group)?.[1];
  return of !== undefined && of !== version;
};

function leftOver(processes: readonly ProcessInfo[], live: string | undefined): string[] {
  const groups = new Set(processes.map(({ group }) => group));
  const versions = new Set([...groups].flatMap((group) => VERSION_OF_GROUP.exec(group)?.[1] ?? []));
  return [...versions].filter((version) => version !== live && !groups.has(`drain-${version}`));
}
