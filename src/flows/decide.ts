import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { choicesOf, secretsNamed } from '../config/choices.js';
import { loadEnvFile } from '../config/dotenv.js';
import { type EnvironmentConfig, environmentConfig } from '../config/environment.js';
import { loadConfig } from '../config/load.js';
import type { Choices } from '../config/resolve/input.js';
import { type Env, isSecret } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { App } from './app.js';
import { indexVariables } from './package-indexes.js';

/** What the user decided: slipway.yml, then `--env-file`, then `--env`. */
export interface Decided {
  readonly choices: Choices;
  readonly python?: string;
  /** Commands of `build:`; an empty list builds nothing. */
  readonly build?: readonly (readonly string[])[];
  /** Requirements the project does not declare. */
  readonly pythonPackages: readonly string[];
  /** What installers are told of further package indexes. */
  readonly indexes: Env;
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
  const environment = await configured(app);
  if (environment.target !== 'local') {
    throw new Failure(
      'TARGET_NOT_LOCAL',
      'usage',
      `\`up\` is for this machine, and ${app.environment} is on ${environment.target}`,
      { hint: 'slipway up -e local' },
    );
  }
  return decideFor(app, environment, given);
}

/** What holds in one environment of slipway.yml. @throws Failure FILES_MISSING, SECRET_MISSING (config), CONFIG_… for env files */
export async function decideFor(app: App, environment: EnvironmentConfig, given: GivenVariables): Promise<Decided> {
  for (const name of secretsNamed(environment)) await app.secrets.resolve(name);
  return decided(app, environment, given);
}

/** What was decided about an environment that is only looked at, which may be on another machine. */
export interface Looked {
  readonly decided: Decided;
  readonly target: EnvironmentConfig['target'];
  /** Names the app answers to there; none where the file names none. */
  readonly domains: readonly string[];
  /** Secrets that the file refers to. */
  readonly secrets: readonly string[];
  /** Where the file has a secret for the URL of the app's database. */
  readonly databaseSecret?: string;
}

/**
 * For commands that only look: any environment will do, and no secret need be set.
 * @throws Failure CONFIG_…, FILES_MISSING (config), ENVIRONMENT_UNKNOWN (usage)
 */
export async function decideForLook(app: App): Promise<Looked> {
  const environment = await configured(app);
  const { target, domains = [], database, env } = environment;
  const url = database?.url ?? env['DATABASE_URL'];
  return {
    decided: await decided(app, environment, { env: {}, envFiles: [] }),
    target,
    domains,
    secrets: secretsNamed(environment),
    ...(isSecret(url) ? { databaseSecret: url.secret } : {}),
  };
}

const configured = async (app: App): Promise<EnvironmentConfig> =>
  environmentConfig((await loadConfig(app.root)).config, app.environment);

async function decided(app: App, environment: EnvironmentConfig, given: GivenVariables): Promise<Decided> {
  const variables: Record<string, Env[string]> = {};
  for (const file of given.envFiles) Object.assign(variables, await kept(app, await loadEnvFile(file)));
  Object.assign(variables, await kept(app, given.env));
  const { python, build, python_packages: pythonPackages, keep, releases_kept: releasesKept } = environment;
  return {
    choices: choicesOf(environment, variables),
    ...(python === undefined ? {} : { python }),
    ...(build === undefined ? {} : { build }),
    pythonPackages: pythonPackages ?? [],
    indexes: await indexVariables(app, environment.python_indexes),
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
