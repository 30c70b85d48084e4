import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Postgres } from '../ops/postgresql.js';
import { majorOf } from '../ops/service-programs.js';

/** Debian's packages by extension: https://packages.debian.org/stable/postgresql-postgis */
const PACKAGES: Readonly<Record<string, string>> = { postgis: 'postgis-3' };

/**
 * Sees that the server can make every extension, before it is started for it.
 * @throws Failure POSTGRES_EXTENSION_MISSING (environment) with the command that brings the first that it cannot
 */
export async function demandExtensions(host: Host, server: Postgres, extensions: readonly string[]): Promise<void> {
  if (extensions.length === 0) return;
  const { stdout, code } = await host.exec({ argv: [`${server.bin}/pg_config`, '--sharedir'] });
  // A server that cannot be asked says it itself.
  if (code !== 0) return;
  for (const name of extensions) {
    if (await host.exists(`${stdout.trim()}/extension/${name}.control`)) continue;
    const major = majorOf(server.version);
    // Slipway's own server has no place for more: the system's is taken as soon as it is there.
    const system = server.bin.startsWith('/usr/') ? '' : 'postgresql ';
    const packages = system === '' ? `postgresql-${major}-${PACKAGES[name] ?? name}` : `${system}postgresql-${name}`;
    throw new Failure(
      'POSTGRES_EXTENSION_MISSING',
      'environment',
      `The database needs ${name}, which PostgreSQL ${major} here does not have`,
      {
        hint: `apt-get install -y ${packages}`,
      },
    );
  }
}
