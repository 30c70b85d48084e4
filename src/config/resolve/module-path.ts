import type { WithFacts } from './input.js';

/**
 * Folders of the tree that manage.py puts on `sys.path`, absolute: a server that imports the project does not run manage.py.
 */
export function modulePath({ facts, probed, place, project }: WithFacts): string[] {
  const directory = project.directory.value === '' ? place.paths.source : `${place.paths.source}/${project.directory.value}`;
  const all = facts.sysPath.flatMap((path) => {
    if (path === '' || path === '.') return [];
    if (!path.startsWith('/')) return [`${directory}/${path.replace(/^\.\//, '').replace(/\/+$/, '')}`];
    return path.startsWith(`${probed}/`) ? [place.paths.source + path.slice(probed.length)] : [];
  });
  return [...new Set(all)].filter((path) => path !== directory && !path.split('/').includes('..'));
}
