import { normalise, parseRequirement, pinnedVersion, type Requirement } from './requirement.js';

/** Distributions by PEP 503 name, each with the specifier it is asked for: `==5.2.1` where pinned, '' for any. */
export type Packages = Map<string, string>;

/** Distributions that an extra brings and that matter here: drivers and brokers. */
const EXTRAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  psycopg: { binary: 'psycopg-binary', c: 'psycopg-c', pool: 'psycopg-pool' },
  celery: { redis: 'redis' },
  kombu: { redis: 'redis' },
  channels: { daphne: 'daphne' },
  'dj-database-url': { postgres: 'psycopg' },
  django: { argon2: 'argon2-cffi', bcrypt: 'bcrypt' },
};

export function fromRequirements(requirements: readonly Requirement[]): Packages {
  const packages: Packages = new Map();
  for (const { name, specifier, extras } of requirements) {
    for (const extra of extras) {
      const brought = EXTRAS[name]?.[extra];
      if (brought !== undefined && !packages.has(brought)) packages.set(brought, '');
    }
    const before = packages.get(name);
    packages.set(name, [before, specifier].filter((part) => part !== undefined && part !== '').join(','));
  }
  return packages;
}

export const fromStrings = (texts: readonly string[]): Packages =>
  fromRequirements(texts.map(parseRequirement).filter((one) => one !== undefined));

export const merge = (...all: readonly Packages[]): Packages => new Map(all.flatMap((one) => [...one]));

/** As `Dependencies.packages` has it: the version where one is pinned. */
export const versions = (packages: Packages): Record<string, string | null> =>
  Object.fromEntries([...packages].map(([name, specifier]) => [normalise(name), pinnedVersion(specifier)]));
