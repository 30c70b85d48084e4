import type { Env } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { nearest } from '../core/nearest.js';
import type { Config, EnvironmentKeys, GeneralKeys } from './schema.js';

type Maps = 'settings' | 'env' | 'files' | 'web' | 'processes' | 'cron' | 'hooks';

/** What holds in one environment: its own keys laid over the general ones. Maps are there even where nothing was written. */
export type EnvironmentConfig = Omit<EnvironmentKeys, Maps | 'target'> & {
  readonly name: string;
  readonly target: NonNullable<EnvironmentKeys['target']>;
  readonly env: Env;
} & { readonly [K in Exclude<Maps, 'env'>]: NonNullable<GeneralKeys[K]> };

/** `local` always exists, and is the first. */
export const environmentNames = (config: Config): readonly string[] => [
  'local',
  ...Object.keys(config.environments ?? {}).filter((name) => name !== 'local'),
];

/**
 * Maps are merged (a setting, a command and a list are values and are replaced), everything else of the environment's own wins.
 * @throws Failure ENVIRONMENT_UNKNOWN (usage) with the nearest name
 */
export function environmentConfig(config: Config, name: string): EnvironmentConfig {
  const { environments = {}, ...general } = config;
  const own = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (own === undefined && name !== 'local') throw unknown(name, environmentNames(config));
  const keys = own ?? {};
  return {
    ...general,
    ...keys,
    name,
    // Without a target, an environment can only be `local`: the schema refuses every other.
    target: keys.target ?? 'local',
    env: given({ ...general.env, ...keys.env }),
    settings: { ...general.settings, ...keys.settings },
    files: { ...general.files, ...keys.files },
    web: mergedWeb(general.web, keys.web),
    processes: mergedEach(general.processes, keys.processes),
    cron: mergedEach(general.cron, keys.cron),
    hooks: { ...general.hooks, ...keys.hooks },
  };
}

/** Variables that are not filled in yet count as not given. */
const given = (env: NonNullable<Config['env']>): Env =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

type Web = NonNullable<Config['web']>;

function mergedWeb(general: Web = {}, own: Web = {}): Web {
  const cache = own.cache ?? general.cache;
  return { ...general, ...own, ...(cache === undefined ? {} : { cache: { ...general.cache, ...cache } }) };
}

function mergedEach<T extends object>(
  general: Readonly<Record<string, T | false>> = {},
  own: Readonly<Record<string, T | false>> = {},
): Record<string, T | false> {
  const names = [...new Set([...Object.keys(general), ...Object.keys(own)])];
  return Object.fromEntries(names.map((name) => [name, merged(of(general, name), of(own, name))]));
}

const of = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;

function merged<T extends object>(general: T | false | undefined, own: T | false | undefined): T | false {
  if (own === undefined) return general ?? false;
  return own === false || general === undefined || general === false ? own : { ...general, ...own };
}

function unknown(name: string, names: readonly string[]): Failure {
  const meant = nearest(name, names);
  return new Failure('ENVIRONMENT_UNKNOWN', 'usage', `There is no environment ${JSON.stringify(name)} in slipway.yml`, {
    hint: meant === undefined ? `known: ${names.join(', ')}` : `did you mean ${meant}?`,
  });
}
