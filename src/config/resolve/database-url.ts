import type { Arg } from '../../core/command.js';
import type { DatabaseAddress } from './input.js';

export type ServerKind = 'postgresql' | 'mysql';

/**
 * A database as one URL. A socket's folder goes into the query: dj-database-url, django-environ and libpq all read it there, while only the
 * first of them decodes it in the place of the host.
 */
export function databaseUrl(kind: ServerKind, address: DatabaseAddress): Arg {
  if (address.url !== undefined) return address.url;
  const scheme = kind === 'postgresql' ? 'postgres' : 'mysql';
  const part = encodeURIComponent;
  const user = part(address.user);
  const name = part(address.database);
  if (!address.host.startsWith('/')) return `${scheme}://${user}@${address.host}${address.port && `:${address.port}`}/${name}`;
  if (kind === 'mysql') return `mysql://${user}@localhost/${name}?unix_socket=${part(address.host)}`;
  return `postgres://${user}@/${name}?host=${part(address.host)}${address.port && `&port=${address.port}`}`;
}

/** `sqlite:////absolute/path`, percent-encoded. */
export function sqliteUrl(path: string): string {
  return `sqlite:///${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Which engine a URL asks for; undefined for one that Slipway runs nothing for (Oracle, SQL Server). */
export function urlEngine(url: string): ServerKind | 'sqlite' | undefined {
  const scheme = /^([a-z0-9+]+):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (/^(postgres|postgresql|pgsql|psql|postgis|timescale|cockroach)/.test(scheme)) return 'postgresql';
  if (/^(mysql|mariadb)/.test(scheme)) return 'mysql';
  if (/^(sqlite|spatialite)/.test(scheme)) return 'sqlite';
  return undefined;
}

/** Which server an engine's dotted name talks to: `django_prometheus.db.backends.postgresql` and `django.contrib.gis.db.backends.postgis` are PostgreSQL. */
export function engineKind(engine: string): ServerKind | 'sqlite' | 'none' | 'other' {
  if (engine === '' || engine === 'django.db.backends.dummy') return 'none';
  if (/sqlite|spatialite/i.test(engine)) return 'sqlite';
  if (/postg|psql|django_tenants|timescale|pgbouncer/i.test(engine)) return 'postgresql';
  if (/mysql|mariadb/i.test(engine)) return 'mysql';
  return 'other';
}
