import type { Resolution } from '../../config/resolve/release.js';
import { Failure } from '../../core/failure.js';
import type { Role } from '../../targets/server/options.js';
import type { ServerApp } from './app.js';
import { type Fleet, hostsOf } from './fleet.js';

/**
 * Whether what the app needs goes with its hosts: looked at before a database is touched.
 * @throws Failure SQLITE_SEVERAL, CERTIFICATE_SEVERAL, ROLE_MISSING (config)
 */
export function lookAtFleet(fleet: Fleet, resolution: Resolution): void {
  const { first, apps } = fleet;
  const { release } = resolution;
  if (resolution.database.kind === 'sqlite' && apps.length > 1)
    throw new Failure(
      'SQLITE_SEVERAL',
      'config',
      `${release.app} keeps its data in SQLite, a file of one machine, and ${first.environment} has ${apps.length} that would each have their own`,
      { hint: 'have the settings read DATABASE_URL, and Slipway runs PostgreSQL for all of them; or keep one host' },
    );
  if (hostsOf(fleet, 'web').length > 1 && first.config.edge === 'apache' && isProvedByHttp(first))
    throw new Failure(
      'CERTIFICATE_SEVERAL',
      'config',
      `Apache on ${hostsOf(fleet, 'web').length} hosts does not answer an authority's questions for one another`,
      { hint: 'edge: nginx   # or a certificate of your own: tls: {certificate: …, key: …}' },
    );
  const once = release.processes.find(({ kind }) => kind === 'beat')?.name ?? release.cron?.[0]?.name;
  const worker = release.processes.find(({ kind }) => kind !== 'beat')?.name;
  const wanted: readonly (readonly [Role, string | undefined])[] = [
    ['beat', once],
    ['worker', worker],
  ];
  for (const [role, name] of wanted)
    if (name !== undefined && hostsOf(fleet, role).length === 0) throw nowhere(fleet, role, name);
}

/** @param name what has no place */
export const nowhere = ({ first }: Fleet, role: Role, name: string): Failure =>
  new Failure('ROLE_MISSING', 'config', `${name} would run nowhere: no host of ${first.environment} has the role ${role}`, {
    hint: `hosts: [{address: ${first.place.name}, roles: [${[...first.place.roles, role].join(', ')}]}]   # in slipway.yml`,
  });

const isProvedByHttp = ({ config: { tls } }: ServerApp): boolean =>
  tls !== 'external' && tls?.certificate === undefined && tls?.dns_hook === undefined;
