import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The state folder of a project's app in a home: found by the hash of the project's path that its name ends with. */
export function stateOf(home: string, directory: string): string {
  const tail = createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 8);
  const name = readdirSync(join(home, 'apps')).find((entry) => entry.endsWith(`-${tail}`));
  if (name === undefined) throw new Error(`no state of ${directory} in ${home}`);
  return join(home, 'apps', name, 'local');
}

export function portsOf(
  home: string,
  directory: string,
): { readonly https: number; readonly http: number; readonly redis: number } {
  return JSON.parse(readFileSync(join(stateOf(home, directory), 'ports.json'), 'utf8'));
}

/** From the supervisor's own configuration, which names it whatever folder it is in. */
export function supervisorSocketOf(home: string, directory: string): string {
  const config = join(stateOf(home, directory), 'supervisor/supervisord.conf');
  const path = existsSync(config) ? /^file\s*=\s*(.+)$/m.exec(readFileSync(config, 'utf8'))?.[1] : undefined;
  if (path === undefined) throw new Error(`no supervisor socket in ${config}`);
  return path;
}
