import { Failure } from '../core/failure.js';
import type { Project } from '../core/project.js';
import { inspect } from '../project/inspect.js';
import { type App, openApp } from './app.js';
import { checkApp, NO_SECRETS } from './check-app.js';
import type { Context } from './context.js';
import { decideForLook } from './decide.js';
import { machineEntries } from './doctor-machine.js';
import { projectEntries } from './doctor-project.js';
import type { DoctorEntry } from './results.js';
import { openTooling } from './tooling.js';

/**
 * What this machine has and lacks for this project. Builds nothing and fetches nothing. Where there is no project, the machine alone is looked at.
 * @throws Failure PROJECT_SEVERAL, SETTINGS_NONE (project), those of slipway.yml (config)
 */
export async function doctor(context: Context): Promise<{ entries: DoctorEntry[] }> {
  const real = await openApp(context);
  const app = await checkApp(real, NO_SECRETS);
  const [project, machine] = await Promise.all([projectAt(real), machineEntries(real, context)]);
  const own =
    project === undefined
      ? []
      : await projectEntries({
          app,
          real,
          project,
          decided: (await decideForLook(app)).decided,
          tooling: openTooling(app, context),
        });
  return { entries: [...machine, ...own] };
}

async function projectAt(app: App): Promise<Project | undefined> {
  try {
    return await inspect(app.root);
  } catch (error) {
    if (error instanceof Failure && error.code === 'PROJECT_NONE') return undefined;
    throw error;
  }
}
