import type { DatabaseFact } from '../../../core/facts.js';
import type { Warning } from '../../../core/failure.js';
import type { Json } from '../../../core/plan.js';
import { isFarAway } from '../database.js';
import { engineKind, type ServerKind } from '../database-url.js';
import type { DatabaseAddress } from '../input.js';
import { aliasDatabase, keptDatabase } from '../kept-database.js';
import { isLocal } from '../origin.js';
import { type Area, merge, type PinContext } from './context.js';
import { connectionAge, serverOptions, sqliteOptions } from './database-options.js';
import { givenUnread, heldGiven } from './given-database.js';

type Entry = { readonly [key: string]: Json };

/** Every database of the settings at the place where it is kept, with what production needs of the connection. */
export function databases(context: PinContext): Area {
  const aliases = Object.entries(context.facts.databases);
  const changed = aliases.flatMap(([alias, fact]) => {
    const entry = entryFor(context, alias, fact);
    return entry === undefined ? [] : [[alias, entry] as const];
  });
  if (changed.length === 0) return { warnings: warnings(context) };
  const reasons = [...new Set(aliases.flatMap(([alias, fact]) => reasonFor(context, alias, fact)))];
  return { pins: [merge('DATABASES', Object.fromEntries(changed), reasons.join('; '))], warnings: warnings(context) };
}

function entryFor(context: PinContext, alias: string, fact: DatabaseFact): Entry | undefined {
  const given = alias === 'default' ? heldGiven(context, fact) : undefined;
  if (given !== undefined) return { ...given, ...connectionAge(context, fact) };
  const kind = wantedKind(context, alias, fact);
  if (kind === 'sqlite')
    return { ...engine(fact, kind), NAME: keptDatabase(context.place.paths, alias), ...sqliteOptions(context, fact) };
  const address = serverFor(context, alias, fact);
  if (address === undefined || kind === undefined) return connectionAge(context, fact);
  return {
    ...engine(fact, kind),
    ...parts(address, databaseName(alias, fact, context, address)),
    ...serverOptions(fact, kind),
    ...connectionAge(context, fact),
  };
}

/** What the alias is to run on; undefined where it is left alone. Only `default` can be moved to another engine. */
function wantedKind(context: PinContext, alias: string, fact: DatabaseFact): ServerKind | 'sqlite' | undefined {
  const own = engineKind(fact.engine);
  if (alias !== 'default') return own === 'none' || own === 'other' ? undefined : own;
  const { kind } = context.database;
  // A database of the user's own comes in through the variable that the settings read; its connection is still kept open.
  return kind === 'given' || kind === 'own' || kind === 'none' ? undefined : kind;
}

function serverFor(context: PinContext, alias: string, fact: DatabaseFact): DatabaseAddress | undefined {
  const kind = wantedKind(context, alias, fact);
  if (kind !== 'postgresql' && kind !== 'mysql') return undefined;
  if (alias !== 'default' && !isLocal(context.place) && isFarAway(fact, context.place)) return undefined;
  return context.place.services[kind];
}

/**
 * The project's own engine stays where it speaks to the same kind of server: it may be PostGIS, or wrapped to be measured. It is said all the
 * same, for settings that choose another one when DEBUG is off.
 */
function engine(fact: DatabaseFact, kind: ServerKind | 'sqlite'): Entry {
  if (engineKind(fact.engine) === kind) return { ENGINE: fact.engine };
  return { ENGINE: `django.db.backends.${kind === 'sqlite' ? 'sqlite3' : kind}` };
}

function parts(address: DatabaseAddress, name: string): Entry {
  return { NAME: name, USER: address.user, PASSWORD: address.password ?? '', HOST: address.host, PORT: address.port };
}

/** A second alias with the name of the first is the same database under another name: a replica. */
function databaseName(alias: string, fact: DatabaseFact, context: PinContext, address: DatabaseAddress): string {
  const first = context.facts.databases['default'];
  if (alias === 'default' || fact.name === first?.name) return address.database;
  return aliasDatabase(address.database, alias);
}

/** Databases that must be there on Slipway's own server beside the app's first one. */
export function extraDatabases(context: PinContext): { kind: ServerKind; name: string }[] {
  return Object.entries(context.facts.databases).flatMap(([alias, fact]) => {
    const kind = wantedKind(context, alias, fact);
    const address = serverFor(context, alias, fact);
    if (address === undefined || kind === undefined || kind === 'sqlite') return [];
    const name = databaseName(alias, fact, context, address);
    return name === address.database ? [] : [{ kind, name }];
  });
}

function reasonFor(context: PinContext, alias: string, fact: DatabaseFact): string[] {
  const kind = wantedKind(context, alias, fact);
  if (kind === 'sqlite')
    return ['the database file is kept outside the release, so that a deploy does not start with an empty one'];
  if (alias === 'default' && heldGiven(context, fact) !== undefined) return [context.database.reason];
  if (serverFor(context, alias, fact) === undefined || kind === undefined) return ['connections are kept between requests'];
  return [`${kind === 'mysql' ? 'MySQL' : 'PostgreSQL'} is run by Slipway for this app`];
}

function warnings(context: PinContext): Warning[] {
  const each = Object.entries(context.facts.databases).flatMap(([alias, fact]) => {
    const kind = wantedKind(context, alias, fact);
    if (kind === 'sqlite' || kind === undefined || serverFor(context, alias, fact) !== undefined) {
      return isMemory(fact) && kind === 'sqlite' ? [memoryWarning(alias)] : movedWarning(context, alias, fact);
    }
    const message = `the database ${JSON.stringify(alias)} needs ${kind}, which is not to be had here`;
    return [{ code: 'database-missing', message, hint: 'slipway doctor' }];
  });
  return [...each, ...givenUnread(context)];
}

function movedWarning(context: PinContext, alias: string, fact: DatabaseFact): Warning[] {
  if (!isFarAway(fact, context.place) || serverFor(context, alias, fact) === undefined) return [];
  const message = `the settings name the database server ${fact.host}; on this machine the app has one of its own instead`;
  return [{ code: 'foreign-database', message, hint: 'slipway up --env DATABASE_URL=…   # to use another one' }];
}

function isMemory(fact: DatabaseFact): boolean {
  return fact.name === null || fact.name === '' || fact.name.includes(':memory:');
}

function memoryWarning(alias: string): Warning {
  const message = `the database ${JSON.stringify(alias)} is in memory, which every process would have for itself: it gets a file`;
  return { code: 'memory-database', message };
}
