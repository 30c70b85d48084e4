import type { Resolution } from '../config/resolve/release.js';
import type { Env } from '../core/command.js';
import type { Warning } from '../core/failure.js';
import type { LocalOptions } from '../targets/local/options.js';
import { type Draft, directoryOf, withInterpreter } from './draft.js';
import { runHook } from './hooks.js';
import type { Making } from './making.js';
import { migrate } from './migrate.js';
import type { LocalRelease } from './release-record.js';
import type { Site } from './site.js';
import { stage } from './stage.js';

/** What a release is, before its services and its database are as it needs them. */
export interface Unready {
  readonly draft: Draft;
  readonly resolution: Resolution;
  readonly env: Env;
  readonly options: LocalOptions;
}

export const releaseOf = ({ resolution, options }: Unready): LocalRelease => ({ ...resolution.release, options });

/**
 * The stages `prepare` and `migrate`: services that answer, the release on every host that it is for, and databases as its code expects them.
 * @param whole when all of the release's files are there
 * @returns what is worth telling
 * @throws Failure; what is live stays live
 */
export async function servicesAndMigrations(
  making: Making,
  site: Site,
  unready: Unready,
  whole: () => Promise<void>,
): Promise<readonly Warning[]> {
  const { context } = making;
  const services = await stage(context.report, 'prepare', async () => {
    const result = await site.serve(unready.resolution);
    if (site.spread !== undefined) {
      await whole();
      await site.spread(releaseOf(unready));
    }
    return { summary: [...result.names, `certificate for ${making.domains[0]}`].join(' · '), result };
  });
  return [...services.warnings, ...(making.migrates === false ? [] : await migrateStage(making, unready))];
}

async function migrateStage(making: Making, { draft, resolution, env }: Unready): Promise<readonly Warning[]> {
  const { context, app } = making;
  const { warnings } = await stage(context.report, 'migrate', async () => {
    const hooks = { host: app.runner, context, directory: directoryOf(draft), env: withInterpreter(draft, env) };
    await runHook('before_migrate', making.hooks?.['before_migrate'], hooks);
    const result = await migrate(draft, context, resolution.release.settingsModule, env, resolution);
    await runHook('after_migrate', making.hooks?.['after_migrate'], hooks);
    return { summary: result.applied === 1 ? '1 migration' : `${result.applied} migrations`, result };
  });
  return warnings;
}
