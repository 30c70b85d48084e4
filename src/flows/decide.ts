import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { choicesOf, secretsNamed } from '../config/choices.js';
import { loadEnvFile } from '../config/dotenv.js';
import { environmentConfig } from '../config/environment.js';
import { loadConfig } from '../config/load.js';
import type { Choices } from '../config/resolve/input.js';
import type { Env } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { App } from './app.js';

/** What the user decided: slipway.yml, then `--env-file`, then `--env`. */
export interface Decided {
  readonly choices: Choices;
  readonly python?: string;
  /** Commands of `build:`; an empty list builds nothing. */
  readonly build?: readonly (readonly string[])[];
  /** Requirements the project does not declare. */
  readonly pythonPackages: readonly string[];
  /** Content by path in the release. */
  readonly placedFiles: Readonly<Record<string, string>>;
  /** Folders beside the code that outlive a release. */
  readonly keep: readonly string[];
  readonly hooks: Readonly<Record<string, readonly string[]>>;
  readonly releasesKept: number;
}

export interface GivenVariables {
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
}

const RELEASES_KEPT = 5;

/**
 * @throws Failure CONFIG_… for slipway.yml and env files, FILES_MISSING, SECRET_MISSING (config), TARGET_NOT_LOCAL (usage)
 */
export async function decide(app: App, given: GivenVariables): Promise<Decided> {
  const { config } = await loadConfig(app.root);
  const environment = environmentConfig(config, app.environment);
  if (environment.target !== 'local') {
    throw new Failure(
      'TARGET_NOT_LOCAL',
      'usage',
      `\`up\` is for this machine, and ${app.environment} is on ${environment.target}`,
      { hint: 'slipway up -e local' },
    );
  }
  for (const name of secretsNamed(environment)) await app.secrets.resolve(name);
  const variables: Record<string, Env[string]> = {};
  for (const file of given.envFiles) Object.assign(variables, await kept(app, await loadEnvFile(file)));
  Object.assign(variables, await kept(app, given.env));
  const { python, build, python_packages: pythonPackages, keep, releases_kept: releasesKept } = environment;
  return {
    choices: choicesOf(environment, variables),
    ...(python === undefined ? {} : { python }),
    ...(build === undefined ? {} : { build }),
    pythonPackages: pythonPackages ?? [],
    placedFiles: await readPlaced(app.root, environment.files),
    keep: keep ?? [],
    hooks: Object.fromEntries(
      Object.entries(environment.hooks).flatMap(([name, command]) => (command === undefined ? [] : [[name, command]])),
    ),
    releasesKept: releasesKept ?? RELEASES_KEPT,
  };
}

/** Values from the command line can be secrets: they are kept with them and referred to. */
async function kept(app: App, values: Readonly<Record<string, string>>): Promise<Env> {
  const env: Record<string, Env[string]> = {};
  for (const [name, value] of Object.entries(values)) env[name] = await app.secrets.keep(name, value);
  return env;
}

async function readPlaced(root: string, files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const placed: Record<string, string> = {};
  for (const [to, from] of Object.entries(files)) {
    const path = isAbsolute(from) ? from : join(root, from);
    placed[to] = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new Failure('FILES_MISSING', 'config', `slipway.yml places ${from} at ${to}, and it cannot be read`, {
        cause: error,
        hint: `ls -l ${path}`,
      });
    });
  }
  return placed;
}
