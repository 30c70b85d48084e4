import { randomBytes } from 'node:crypto';
import { secret } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { WORK_VARIABLE } from '../core/host.js';
import { localHost } from '../hosts/local.js';
import { workMark } from '../hosts/lock.js';
import { stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import type { Secrets } from './secret-file.js';

/**
 * The app as `check` works on it: beside its real state, so that nothing of a running release is touched or reached, and with secrets that last as
 * long as this process where the app has none of its own.
 * @param own the app's secrets; `NO_SECRETS` where only names are wanted, and its state may not even be readable
 */
export async function checkApp(app: App, own: Pick<Secrets, 'list' | 'resolve'> = app.secrets): Promise<App> {
  const at = { ...app.at, state: `${app.at.state}/check`, run: `${app.at.run}-check` };
  const secrets = passingSecrets(own);
  return { ...app, at, secrets, host: localHost(secrets.resolve, { [WORK_VARIABLE]: await workMark() }) };
}

export const NO_SECRETS: Pick<Secrets, 'list' | 'resolve'> = {
  list: async () => [],
  resolve: async (name) =>
    Promise.reject(
      new Failure('SECRET_MISSING', 'config', `The secret ${name} is not set`, { hint: `slipway secrets set ${name}` }),
    ),
};

/** Where hashes of the tree's files are kept; shared with `up`. */
export const sharedFingerprint = (app: App): string => stateFiles(app.at).fingerprintCache;

function passingSecrets(own: Pick<Secrets, 'list' | 'resolve'>): Secrets {
  const made = new Map<string, string>();
  const has = async (name: string): Promise<boolean> => made.has(name) || (await own.list()).includes(name);
  const set = async (name: string, value: string): Promise<void> => void made.set(name, value);
  return {
    resolve: async (name) => made.get(name) ?? own.resolve(name),
    list: async () => [...new Set([...(await own.list()), ...made.keys()])].sort(),
    set,
    unset: async (name) => made.delete(name),
    ensure: async (name, shape = 'key') => {
      if (!(await has(name)))
        made.set(name, shape === 'key' ? randomBytes(48).toString('base64url') : randomBytes(32).toString('base64'));
      return secret(name);
    },
    keep: async (variable, value) => {
      const name = `given.${variable}`;
      made.set(name, value);
      return secret(name);
    },
    together: (work) => work(),
  };
}
