import { normalise, parseRequirement, pinnedVersion, type Requirement } from './requirement.js';

/** Distributions by PEP 503 name, each with the specifier it is asked for: `==5.2.1` where pinned, '' for any. */
export type Packages = Map<string, string>;

export function fromRequirements(requirements: readonly Requirement[]): Packages {
  const packages: Packages = new Map();
  for (const { name, specifier } of requirements) {
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
