import type { WithFacts } from './input.js';

/** The package in which the runtime finds them: python/slipway_runtime/jobs/makemigrations.py */
const PACKAGE = 'slipway_migrations';

/** Migrations that the project does not bring, and the folder they are made and kept in. */
export interface MadeMigrations {
  /** Absolute; on the path of the release's processes. */
  readonly folder: string;
  readonly labels: readonly string[];
}

/** For the project's own apps that have tables and bring no migration; undefined where there is none. */
export function madeMigrations({ facts, place }: WithFacts): MadeMigrations | undefined {
  const labels = facts.migrations?.without ?? [];
  return labels.length === 0 ? undefined : { folder: `${place.paths.data}/migrations`, labels };
}

/** The module of one app's. */
export const madeModule = (label: string): string => `${PACKAGE}.${label}`;
