import { secondAliases } from '../config/resolve/variables/databases.js';
import { type Arg, secret } from '../core/command.js';
import type { Project } from '../core/project.js';
import type { App } from './app.js';

/**
 * URLs of the databases of second aliases, by alias: each has a password in it, so that each is a secret.
 * @param name of the first database's secret
 * @param urlOf the URL of the database of an alias
 */
export async function keepAliasUrls(
  secrets: App['secrets'],
  project: Project,
  name: string,
  urlOf: (alias: string) => string,
): Promise<Readonly<Record<string, Arg>>> {
  const urls: Record<string, Arg> = {};
  for (const alias of secondAliases(project.variables)) {
    const own = `${name}_${alias}`;
    await secrets.set(own, urlOf(alias));
    urls[alias] = secret(own);
  }
  return urls;
}
