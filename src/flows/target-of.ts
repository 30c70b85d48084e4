import { environmentConfig } from '../config/environment.js';
import { loadConfig } from '../config/load.js';
import { projectFolder } from './app.js';
import type { Context } from './context.js';

/** The target of the environment a command is for. @throws Failure PROJECT_NONE, CONFIG_…, ENVIRONMENT_UNKNOWN (usage) */
export async function targetOf(context: Context): Promise<'local' | 'server'> {
  // The most frequent one needs no file to be read.
  if (context.environment === 'local') return 'local';
  const { config } = await loadConfig(await projectFolder(context.directory));
  return environmentConfig(config, context.environment).target;
}
