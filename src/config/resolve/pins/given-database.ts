import type { DatabaseFact } from '../../../core/facts.js';
import type { Warning } from '../../../core/failure.js';
import type { Json } from '../../../core/plan.js';
import { givenEntry, isRead } from '../given-database.js';
import type { PinContext } from './context.js';

type Entry = { readonly [key: string]: Json };

/** The user's own database as an entry of DATABASES, where the settings do not take it from a variable themselves. */
export function heldGiven({ database, facts }: PinContext, fact: DatabaseFact): Entry | undefined {
  const entry = database.kind === 'given' && !isRead(facts) ? givenEntry(database) : undefined;
  if (entry === undefined || fact.options.length === 0) return entry;
  // The options are the URL's; those of the database that is left behind go.
  const gone = Object.fromEntries(fact.options.map((name) => [name, null]));
  return { ...entry, OPTIONS: isEntry(entry['OPTIONS']) ? { ...gone, ...entry['OPTIONS'] } : gone };
}

const isEntry = (value: Json | undefined): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A secret is told to the app's processes only, and these settings do not look at it. */
export function givenUnread({ database, facts }: PinContext): Warning[] {
  if (database.kind !== 'given' || isRead(facts) || givenEntry(database) !== undefined) return [];
  const message = `${database.reason}, but the settings do not read DATABASE_URL: they keep the database they name`;
  return [{ code: 'database-url-unread', message, hint: "DATABASES = {'default': dj_database_url.config()} in the settings" }];
}
