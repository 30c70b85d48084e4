import { type Env, isSecret } from '../core/command.js';
import type { CronJob } from '../core/release.js';
import type { EnvironmentConfig } from './environment.js';
import type { Choices, ProcessChoice, WebChoices } from './resolve/input.js';

/** What resolve goes by. @param commandLine variables of `--env-file` and `--env`, which win over the file's */
export function choicesOf(config: EnvironmentConfig, commandLine: Env = {}): Choices {
  const { app, settings_module, database } = config;
  return {
    ...(app === undefined ? {} : { app }),
    ...(settings_module === undefined ? {} : { settingsModule: settings_module }),
    settings: config.settings,
    env: { ...config.env, ...commandLine },
    web: webChoices(config.web),
    processes: Object.fromEntries(
      Object.entries(config.processes).map(([name, process]) => [name, process === false ? false : processChoice(process)]),
    ),
    ...(Object.values(config.cron).some((job) => job !== false) ? { cron: cronJobs(config.cron) } : {}),
    ...(database === undefined ? {} : { database }),
  };
}

/** Names of the secrets that the configuration refers to, sorted; each must be set before a deployment. */
export function secretsNamed(config: EnvironmentConfig): readonly string[] {
  const names = [
    ...namedIn(Object.values(config.env)),
    ...namedIn(Object.values(config.settings)),
    ...namedIn([config.database?.url]),
    ...namedIn(Object.values(config.python_indexes ?? {})),
  ];
  return [...new Set(names)].sort();
}

function* namedIn(values: readonly unknown[]): Generator<string> {
  for (const value of values) {
    if (isSecret(value)) yield value.secret;
    else if (typeof value === 'object' && value !== null) yield* namedIn(Object.values(value));
  }
}

function webChoices({ max_body, cache, ...web }: EnvironmentConfig['web']): WebChoices {
  return {
    ...web,
    ...(max_body === undefined ? {} : { maxBody: max_body }),
    ...(cache === undefined ? {} : { cache: { seconds: cache.seconds, paths: cache.paths ?? ['/'] } }),
  };
}

function processChoice(process: Exclude<EnvironmentConfig['processes'][string], false>): ProcessChoice {
  const { command, scale, stop_seconds } = process;
  return {
    ...(command === undefined ? {} : { command }),
    ...(scale === undefined ? {} : { scale }),
    ...(stop_seconds === undefined ? {} : { stopSeconds: stop_seconds }),
  };
}

/** A job that takes longer when a new release takes over is ended. */
const STOP_SECONDS = 60;

const cronJobs = (cron: EnvironmentConfig['cron']): CronJob[] =>
  Object.entries(cron).flatMap(([name, job]) =>
    job === false ? [] : [{ name, argv: job.command, at: job.at, stopSeconds: job.stop_seconds ?? STOP_SECONDS }],
  );
