import { readdir } from 'node:fs/promises';
import { apply } from '../engine/apply.js';
import { endSteps } from '../targets/local/go-live.js';
import { stateFiles } from '../targets/local/layout.js';
import type { Installed } from '../targets/local/paths.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { currentVersion } from './release-record.js';

/** Ends releases that an interrupted run has left. @param left their versions */
export async function endLeft(app: App, context: Context, left: readonly string[], installed: Installed): Promise<void> {
  for (const version of left) {
    context.report({ type: 'note', message: `ending release ${version}, which an interrupted run has left` });
    const steps = endSteps(app.at, version, installed);
    await apply(
      steps,
      () => app.host,
      () => {},
    );
  }
}

const OF_A_RELEASE = /^(?:release|beat|drain)-(.+)\.conf$/;

/** Before a supervisor is started: that it starts the live release only, and none that was being made or replaced when everything ended. */
export async function forgetOthers(app: App): Promise<void> {
  const { programs } = stateFiles(app.at);
  const live = await currentVersion(app);
  for (const name of await readdir(programs).catch((): string[] => [])) {
    const version = OF_A_RELEASE.exec(name)?.[1];
    if (version !== undefined && (version !== live || name.startsWith('drain-'))) await app.host.remove(`${programs}/${name}`);
  }
}
