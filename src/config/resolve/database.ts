import type { Arg } from '../../core/command.js';
import { isSecret } from '../../core/command.js';
import type { DatabaseFact, Facts } from '../../core/facts.js';
import type { Variable } from '../../core/project.js';
import { engineKind, type ServerKind, urlEngine } from './database-url.js';
import type { BeforeFacts } from './input.js';
import { isLocal } from './origin.js';

/** Which database the app gets, and why in a sentence. */
export type DatabaseChoice =
  /** The user's own; Slipway runs none. `engine` is absent where the URL is a secret. */
  | { readonly kind: 'given'; readonly url: Arg; readonly engine?: ServerKind | 'sqlite'; readonly reason: string }
  | { readonly kind: 'sqlite' | ServerKind; readonly reason: string }
  /** The project's own, wherever it is: left as it is. */
  | { readonly kind: 'own' | 'none'; readonly reason: string };

/**
 * Decided twice: before the settings have run, from what was read, and again with the facts. Where the second answer differs, the variables
 * are filled again and the settings run again.
 */
export function chooseDatabase(input: BeforeFacts, facts?: Facts): DatabaseChoice {
  return given(input) ?? fromFacts(input, facts) ?? fromVariables(input) ?? fromServices(input);
}

function given(input: BeforeFacts): DatabaseChoice | undefined {
  const { choices } = input;
  const variable = databaseUrlVariables(input).find(({ name }) => choices.env?.[name] !== undefined)?.name ?? 'DATABASE_URL';
  const url = choices.database?.url ?? choices.env?.[variable];
  if (url === undefined || url === '') return undefined;
  const engine = isSecret(url) ? undefined : urlEngine(url);
  const reason = choices.database ? 'slipway.yml names the database' : `${variable} was given`;
  return { kind: 'given', url, ...(engine === undefined ? {} : { engine }), reason };
}

function fromFacts(input: BeforeFacts, facts: Facts | undefined): DatabaseChoice | undefined {
  const fact = facts?.databases['default'];
  if (fact === undefined) return undefined;
  const kind = engineKind(fact.engine);
  if (kind === 'none') return { kind: 'none', reason: 'the settings name no database' };
  if (kind === 'other') return { kind: 'own', reason: `${fact.engine} is not a database that Slipway runs` };
  if (kind === 'sqlite') return { kind, reason: `the settings use ${fact.engine}` };
  if (!isLocal(input.place) && isFarAway(fact, input.place))
    return { kind: 'own', reason: `the settings name the server ${fact.host}` };
  return reachable(input, kind, `the settings use ${fact.engine}`);
}

/** A server of somebody's, rather than this machine, a neighbour in a compose file, or the one that Slipway runs for it on another host. */
export function isFarAway(fact: DatabaseFact, { services }: BeforeFacts['place']): boolean {
  if (fact.host === services.postgresql?.host || fact.host === services.mysql?.host) return false;
  return fact.host.includes('.') && !/^(127\.|0\.0\.0\.0|::1)/.test(fact.host) && !fact.host.startsWith('/');
}

const SERVER_VARIABLES = ['database-url', 'database-host', 'database-name', 'database-user', 'database-password'];

function fromVariables(input: BeforeFacts): DatabaseChoice | undefined {
  const needed = input.project.variables.find(({ required, meaning }) => required && SERVER_VARIABLES.includes(meaning ?? ''));
  if (needed === undefined) return undefined;
  return reachable(input, likeliestServer(input), `${needed.from} cannot do without ${needed.name}`);
}

function likeliestServer({ project }: BeforeFacts): ServerKind {
  const kinds = project.services.map(({ value }) => value);
  const packages = Object.keys(project.dependencies.packages);
  const mysql = kinds.includes('mysql') || packages.some((name) => MYSQL_DRIVERS.includes(name));
  const postgresql = kinds.includes('postgresql') || packages.some((name) => POSTGRESQL_DRIVERS.includes(name));
  return mysql && !postgresql ? 'mysql' : 'postgresql';
}

export const POSTGRESQL_DRIVERS: readonly string[] = ['psycopg', 'psycopg-binary', 'psycopg-c', 'psycopg2', 'psycopg2-binary'];
export const MYSQL_DRIVERS: readonly string[] = ['mysqlclient', 'pymysql', 'mysql-connector-python'];

function fromServices(input: BeforeFacts): DatabaseChoice {
  const [byDefault] = databaseUrlVariables(input).filter((variable) => urlEngine(variable.default ?? '') !== undefined);
  const engine = urlEngine(byDefault?.default ?? '');
  const reason = `${byDefault?.from} has it as the default of ${byDefault?.name}`;
  if (engine === 'sqlite') return { kind: engine, reason };
  if (engine !== undefined) return reachable(input, engine, reason);
  const kinds = input.project.services.map(({ value }) => value);
  const first = input.project.services.find(({ value }) => value === 'postgresql' || value === 'mysql');
  if (kinds.includes('sqlite') || first === undefined) return { kind: 'sqlite', reason: 'the project runs on SQLite as it is' };
  return reachable(input, likeliestServer(input), `${first.from} uses ${first.value}`);
}

/** MySQL that is not to be had here gives way to another engine, where the project takes its engine from the environment. */
function reachable(input: BeforeFacts, kind: ServerKind, reason: string): DatabaseChoice {
  if (kind === 'postgresql' || input.place.services.mysql !== undefined || !takesAnyEngine(input)) return { kind, reason };
  const instead = input.project.services.some(({ value }) => value === 'postgresql') ? 'postgresql' : 'sqlite';
  return { kind: instead, reason: `${reason}, but there is no MySQL here and the project takes its engine from the environment` };
}

function takesAnyEngine({ project }: BeforeFacts): boolean {
  return project.variables.some(({ meaning }) => meaning === 'database-url' || meaning === 'database-engine');
}

function databaseUrlVariables({ project }: BeforeFacts): Variable[] {
  return project.variables.filter(({ meaning }) => meaning === 'database-url');
}
