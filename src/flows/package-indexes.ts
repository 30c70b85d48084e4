import type { EnvironmentConfig } from '../config/environment.js';
import type { Env } from '../core/command.js';
import type { App } from './app.js';

/**
 * What installers are told of the indexes in slipway.yml: one variable that pip reads by itself and uv through pip's settings. Its value holds
 * log-ins, so that it is kept as a secret. https://pip.pypa.io/en/stable/topics/authentication/
 */
export async function indexVariables(app: App, indexes: EnvironmentConfig['python_indexes'] = {}): Promise<Env> {
  const addresses: string[] = [];
  for (const { url, username, password } of Object.values(indexes)) {
    if (url === undefined) continue;
    const address = new URL(url);
    address.username = encodeURIComponent(username ?? '');
    address.password = encodeURIComponent(
      password === undefined || typeof password === 'string' ? (password ?? '') : await app.secrets.resolve(password.secret),
    );
    addresses.push(address.href);
  }
  if (addresses.length === 0) return {};
  return { PIP_EXTRA_INDEX_URL: await app.secrets.keep('PIP_EXTRA_INDEX_URL', addresses.join(' ')) };
}
