import type { VariableMeaning } from '../../core/project.js';
import { isDeclared } from '../declared.js';
import type { Packages } from '../dependencies/packages.js';
import { distributionsOf } from '../distributions.js';
import { meaningOf } from './meaning.js';
import type { Outcome, Read } from './outcome.js';

/** Meanings that nobody but the owner of some account can fill. */
const FOREIGN: ReadonlySet<VariableMeaning | undefined> = new Set<VariableMeaning | undefined>(['api-key']);

export interface Known {
  /** What any way of installing the tree offers. */
  readonly packages: Packages;
  /** Given by a `.env` file that is loaded. */
  readonly given: ReadonlySet<string>;
  readonly documented: ReadonlySet<string>;
}

const isUnfillable = (read: Read, known: Known): boolean => {
  if (!read.required || known.given.has(read.name)) return false;
  const meaning = meaningOf(read);
  return FOREIGN.has(meaning) || (meaning === undefined && !known.documented.has(read.name));
};

const DRIVERS: readonly (readonly [RegExp, RegExp])[] = [
  [/postg/, /^psycopg2?(-binary|-c)?$/],
  [/mysql/, /^(mysqlclient|pymysql|mysql-connector-python)$/],
  [/oracle/, /^(cx-oracle|oracledb)$/],
];

function lacksDriver(engine: string, packages: Packages): boolean {
  const driver = DRIVERS.find(([pattern]) => pattern.test(engine))?.[1];
  return driver !== undefined && packages.size > 0 && ![...packages.keys()].some((name) => driver.test(name));
}

/** What would keep a settings module from loading here, in a few words each; empty when it can be expected to work. */
export function obstacles(outcome: Outcome, known: Known): string[] {
  const variables = [...outcome.reads.values()]
    .filter((read) => isUnfillable(read, known))
    .map((read) => `it needs ${read.name} (${read.from})`);
  const files = outcome.missing
    .filter((one) => one.certainty === 'sure' && !one.guarded)
    .map((one) => `it needs ${one.path}, which is not there (${one.from})`);
  const modules = outcome.imports
    .filter(
      (one) => one.certainty === 'sure' && !one.guarded && known.packages.size > 0 && !isDeclared(one.module, known.packages),
    )
    .map((one) => `it imports ${one.module}, and ${distributionsOf(one.module)[0]} is not a dependency (${one.from})`);
  const drivers = outcome.texts
    .filter(
      (text) =>
        text.certainty === 'sure' && /^DATABASES\b.*\bENGINE$/.test(text.setting) && lacksDriver(text.value, known.packages),
    )
    .map((text) => `its database needs a driver that is not a dependency (${text.from})`);
  const stores = outcome.texts
    .filter(
      (text) =>
        text.certainty === 'sure' && /^storages\.backends\.|^storages\.custom/.test(text.value) && /STORAGE/.test(text.setting),
    )
    .map((text) => `it keeps files in a cloud account (${text.from})`);
  const empty =
    outcome.settings.has('INSTALLED_APPS') || outcome.files.length === 0 ? [] : ['it sets no INSTALLED_APPS that can be seen'];
  return [...new Set([...empty, ...variables, ...files, ...modules, ...drivers, ...stores])];
}
