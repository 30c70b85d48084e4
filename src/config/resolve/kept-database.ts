import type { Paths } from './input.js';

/** Where the SQLite file of an alias is kept: outside every release, in a folder of its own beside the journal files SQLite puts there. */
export function keptDatabase(paths: Paths, alias: string): string {
  return `${paths.data}/databases/${alias.replace(/[^\w-]/g, '_')}.sqlite3`;
}

/** Name of the database of a second alias, on the server of the first. */
export const aliasDatabase = (database: string, alias: string): string =>
  `${database}_${alias.toLowerCase().replace(/\W/g, '_')}`;
