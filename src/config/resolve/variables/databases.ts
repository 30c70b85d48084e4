import type { Arg, Env } from '../../../core/command.js';
import type { Variable } from '../../../core/project.js';
import { databaseUrl, type ServerKind, sqliteUrl } from '../database-url.js';
import type { DatabaseAddress } from '../input.js';
import { aliasDatabase, keptDatabase } from '../kept-database.js';
import type { Filler, VariableContext } from './context.js';

/** The conventional `DATABASE_URL`; undefined where the project keeps a database of its own. */
export function databaseUrlOf(context: VariableContext): Arg | undefined {
  const { database, place } = context;
  if (database.kind === 'given') return database.url;
  if (context.withoutDatabaseUrl === true) return undefined;
  if (database.kind === 'sqlite') return sqliteUrl(keptDatabase(place.paths, 'default'));
  const server = serverOf(context);
  return server && databaseUrl(server.kind, server.address);
}

/** What the client library of the app's database server is told by its environment. */
export const databaseClientEnv = (context: VariableContext): Env => serverOf(context)?.address.clientEnv ?? {};

function serverOf({ database, place }: VariableContext): { kind: ServerKind; address: DatabaseAddress } | undefined {
  if (database.kind !== 'postgresql' && database.kind !== 'mysql') return undefined;
  const address = place.services[database.kind];
  return address && { kind: database.kind, address };
}

export const databaseUrlVariable: Filler = (variable, context) => {
  const alias = secondAlias(variable);
  if (alias === undefined) return databaseUrlOf(context);
  if (context.database.kind === 'sqlite') return sqliteUrl(keptDatabase(context.place.paths, alias));
  const server = serverOf(context);
  if (server === undefined) return databaseUrlOf(context);
  // A URL that is a secret is that of one database.
  if (server.address.url !== undefined) return server.address.aliasUrls?.[alias] ?? databaseUrlOf(context);
  return databaseUrl(server.kind, { ...server.address, database: aliasDatabase(server.address.database, alias) });
};

/** Aliases beside `default` whose databases the environment names. */
export const secondAliases = (variables: readonly Variable[]): string[] => [
  ...new Set(variables.flatMap((variable) => (variable.meaning === 'database-url' ? (secondAlias(variable) ?? []) : []))),
];

/** The alias of another database than the first one; a replica is the first one under another name. */
function secondAlias({ setting, name }: Pick<Variable, 'setting' | 'name'>): string | undefined {
  const alias = /^DATABASES\.([\w-]+)/.exec(setting ?? '')?.[1];
  if (alias === undefined || alias === 'default') return undefined;
  return /replica|read|slave|mirror|secondary/i.test(`${alias} ${name}`) ? undefined : alias;
}

/** One part of the address. On SQLite only what the settings cannot do without is given. */
function part(pick: (address: DatabaseAddress, kind: ServerKind) => Arg, otherwise: string): Filler {
  return (variable, context) => {
    const server = serverOf(context);
    if (server !== undefined) return pick(server.address, server.kind);
    return variable.required && context.database.kind === 'sqlite' ? otherwise : undefined;
  };
}

export const databaseName: Filler = (variable, context) => {
  const server = serverOf(context);
  const alias = secondAlias(variable);
  if (server !== undefined) return alias === undefined ? server.address.database : aliasDatabase(server.address.database, alias);
  return variable.required && context.database.kind === 'sqlite'
    ? keptDatabase(context.place.paths, alias ?? 'default')
    : undefined;
};
export const databaseUser = part(({ user }) => user, '');
export const databaseHost = part(({ host }) => host, '');
export const databasePort = part(({ port }, kind) => port || DEFAULT_PORT[kind], '0');
// The owner of the socket needs no password, but many settings refuse an empty one.
export const databasePassword = part(({ password }) => password ?? 'unused', '');

const DEFAULT_PORT: Readonly<Record<ServerKind, string>> = { postgresql: '5432', mysql: '3306' };

/** The engine as the project spells it: a dotted path where it ends in ENGINE, else a short word like the one it has as default. */
export const databaseEngine: Filler = (variable, { database }) => {
  const kind = database.kind === 'given' ? database.engine : database.kind;
  if (kind !== 'sqlite' && kind !== 'postgresql' && kind !== 'mysql') return undefined;
  const written = variable.default ?? '';
  const dotted = written.includes('.') || (written === '' && /ENGINE$/.test(variable.setting ?? variable.name));
  const word = kind === 'sqlite' ? 'sqlite3' : kind;
  if (!dotted && sameEngine(written, kind)) return undefined;
  if (dotted && written.includes(kind)) return undefined;
  if (!variable.required && written === '' && kind === 'sqlite') return undefined;
  return dotted ? `django.db.backends.${word}` : shortWord(kind, written);
};

function sameEngine(written: string, kind: string): boolean {
  return written !== '' && (kind.startsWith(written.toLowerCase()) || written.toLowerCase().startsWith(kind));
}

function shortWord(kind: ServerKind | 'sqlite', written: string): string {
  if (kind === 'postgresql') return written.endsWith('sql') ? 'postgresql' : 'postgres';
  return kind === 'sqlite' && written !== 'sqlite' ? 'sqlite3' : kind;
}
