import type { WithFacts } from './input.js';
import { madeMigrations } from './made-migrations.js';

/**
 * Folders of the tree that manage.py puts on `sys.path`, absolute: a server that imports the project does not run manage.py. Last, where migrations are
 * kept that the project does not bring.
 */
export function modulePath(input: WithFacts): string[] {
  const { facts, probed, place, project } = input;
  const directory = project.directory.value === '' ? place.paths.source : `${place.paths.source}/${project.directory.value}`;
  const all = facts.sysPath.flatMap((path) => {
    if (path === '' || path === '.') return [];
    if (!path.startsWith('/')) return [`${directory}/${path.replace(/^\.\//, '').replace(/\/+$/, '')}`];
    return path.startsWith(`${probed}/`) ? [place.paths.source + path.slice(probed.length)] : [];
  });
  const own = [...new Set(all)].filter((path) => path !== directory && !path.split('/').includes('..'));
  const made = madeMigrations(input);
  return made === undefined ? own : [...own, made.folder];
}
