import type { Paths } from './input.js';

/** Where the SQLite file of an alias is kept: outside every release, in a folder of its own beside the journal files SQLite puts there. */
export function keptDatabase(paths: Paths, alias: string): string {
  return `${paths.data}/databases/${alias.replace(/[^\w-]/g, '_')}.sqlite3`;
}
