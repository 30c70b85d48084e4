import type { Dependencies } from '../../core/project.js';
import { parseRequirement } from './requirement.js';

/**
 * Names of the project's own dependencies that the user's requirements take the place of: those given with a version or an address. One that
 * says neither leaves the project's version as it is.
 */
export function replacedBy(requirements: readonly string[], { packages }: Pick<Dependencies, 'packages'>): string[] {
  return requirements.flatMap((text) => {
    const requirement = parseRequirement(text);
    if (requirement === undefined || (requirement.specifier === '' && requirement.url === undefined)) return [];
    return Object.hasOwn(packages, requirement.name) ? [requirement.name] : [];
  });
}
