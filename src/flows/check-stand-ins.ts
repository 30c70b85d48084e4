import type { Project } from '../core/project.js';
import type { App } from './app.js';
import type { Looked } from './decide.js';

/** Nothing answers there: what is only looked at reaches no database of anybody's. */
const NOWHERE = 'stand-in:stand-in@127.0.0.1:9/stand-in';

/**
 * Gives every secret that slipway.yml names and nobody has set a value for as long as this process lives, so that the settings can be run.
 * @param app as `check` works on it: nothing of it is kept
 * @returns the names that have no value of their own, sorted
 */
export async function standIn(app: App, { secrets, databaseSecret }: Looked, project: Project): Promise<string[]> {
  const set = new Set(await app.secrets.list());
  const unset = secrets.filter((name) => !set.has(name));
  for (const name of unset) {
    if (name === databaseSecret) await app.secrets.set(name, `${scheme(project)}://${NOWHERE}`);
    else await app.secrets.ensure(name);
  }
  return unset;
}

function scheme({ dependencies: { packages } }: Project): 'mysql' | 'postgres' {
  const has = (pattern: RegExp) => Object.keys(packages).some((name) => pattern.test(name));
  return has(/^(mysqlclient|pymysql|mysql-connector-python)$/) && !has(/^psycopg/) ? 'mysql' : 'postgres';
}
