import { apply } from '../engine/apply.js';
import { acquireLock } from '../hosts/lock.js';
import type { BuildFailure } from '../ops/build-failure.js';
import { type EmbeddedTool, toolPaths } from '../ops/toolbox.js';
import type { EdgeFacts } from '../targets/local/edge.js';
import type { Installed } from '../targets/local/paths.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { edgeFacts, embeddedNginx, systemNginx } from './edge.js';
import { installed } from './package-files.js';
import { bringTools, findPythons, type Pythons } from './toolbox.js';

/** What a host offers to build with: found once a run, brought when it is wanted. */
export interface BuildTooling {
  readonly pythons: () => Promise<Pythons>;
  /** Brings embedded tools that are wanted and not there yet. */
  readonly bring: (...wanted: EmbeddedTool[]) => Promise<void>;
  /** Tries to bring a Python of this version, and finds all there are then. Absent: the machine's owner decides which there are. */
  readonly bringPython?: (version: string) => Promise<Pythons>;
  /** Installs what a build lacks; false where that is there already. Absent: that too is for the machine's owner. */
  readonly bringLibraries?: (why: BuildFailure) => Promise<boolean>;
}

/** And what this machine and Slipway's home offer to run an app. */
export interface Tooling extends BuildTooling {
  /** Tools and edge, brought if need be. */
  readonly installed: () => Promise<Installed>;
  readonly edge: EdgeFacts;
}

/** Apps of one home share the tools: one brings them, the others wait. */
async function bringLocked(
  app: App,
  context: Context,
  wanted: readonly EmbeddedTool[],
  pythons: () => Promise<Pythons>,
): Promise<void> {
  if ((await bringTools(app, wanted, pythons)).length === 0) return;
  const unlock = await acquireLock(`${app.at.home}/tools/lock`, { command: 'up', waitSeconds: 900, signal: context.signal });
  try {
    await apply(await bringTools(app, wanted, pythons), () => app.host, context.report, context.signal);
  } finally {
    await unlock();
  }
}

/** @param pythons interpreters of this machine, where they are looked for already */
export function openTooling(app: App, context: Context, pythons?: Promise<Pythons>): Tooling {
  let ready: Promise<Installed> | undefined;
  const find = () => {
    pythons ??= findPythons(app.host);
    return pythons;
  };
  // One at a time: two would write the same folder.
  let last: Promise<void> = Promise.resolve();
  const bring = (...wanted: EmbeddedTool[]): Promise<void> => {
    const next = last.then(() => bringLocked(app, context, wanted, find));
    last = next.catch(() => {});
    return next;
  };
  const edgeAndTools = async (): Promise<Installed> => {
    const { python } = toolPaths(app.at.home);
    const system = await systemNginx(app.host);
    await (system === undefined ? bring('nginx') : bring());
    return installed(python, system ?? (await embeddedNginx(app.host, app.at.home)));
  };
  return {
    pythons: find,
    bring,
    installed: () => {
      ready ??= edgeAndTools();
      return ready;
    },
    edge: edgeFacts(),
  };
}
