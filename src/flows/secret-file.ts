import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type SecretRef, secret } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { SecretResolver } from '../hosts/secret-values.js';

/** The secrets of one app in one environment, in a file that only this user reads. */
export interface Secrets {
  readonly resolve: SecretResolver;
  list(): Promise<string[]>;
  set(name: string, value: string): Promise<void>;
  unset(name: string): Promise<boolean>;
  /** Made once, kept for ever: 64 characters from a set that needs no quoting anywhere; `fernet`: 32 bytes as `cryptography` wants them. */
  ensure(name: string, shape?: 'key' | 'fernet'): Promise<SecretRef>;
  /** Keeps a value the user gave for a variable; the reference names its content, so that an older release keeps its own. */
  keep(variable: string, value: string): Promise<SecretRef>;
  /** Does work that sets several, which are kept when it has come to its end, all by one writing: before that, nothing may count on them. */
  together<T>(work: () => Promise<T>): Promise<T>;
}

/** Where the text of the file is kept. */
export interface SecretStore {
  /** What `path` of a message names. */
  readonly path: string;
  /** undefined where there is none yet. */
  read(): Promise<string | undefined>;
  /** Whole, and readable by its owner alone. */
  write(text: string): Promise<void>;
}

/** A file of this machine's. */
const fileStore = (path: string): SecretStore => ({
  path,
  read: () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw new Failure('SECRETS_UNREADABLE', 'environment', `${path} cannot be read`, { cause: error, hint: `ls -l ${path}` });
    }),
  write: async (text) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const fresh = `${path}.${process.pid}.new`;
    await writeFile(fresh, text, { mode: 0o600, flush: true });
    await rename(fresh, path);
  },
});

/** A file on a host, by a user that may read it. */
export const hostStore = (host: Host, path: string): SecretStore => ({
  path: `${host.name}:${path}`,
  read: () => host.read(path),
  write: (text) => host.write(path, text, 0o600),
});

/** @param where what a command line says of the place: ` -e production` */
export function openSecrets(place: string | SecretStore, where = ''): Secrets {
  const store = typeof place === 'string' ? fileStore(place) : place;
  let known: Record<string, string> | undefined;
  const load = async (): Promise<Record<string, string>> => {
    // Only a file that is not there holds nothing: one that cannot be read must not be written over.
    known ??= parse(store.path, (await store.read()) ?? '{}');
    return known;
  };
  let gathering = 0;
  let unsaved = false;
  const write = (values: Record<string, string>) => store.write(JSON.stringify(values, null, 1) + '\n');
  const save = async (values: Record<string, string>): Promise<void> => {
    if (gathering > 0) unsaved = true;
    else await write(values);
    known = values;
  };
  const saveGathered = async (): Promise<void> => {
    if (gathering > 0 || !unsaved || known === undefined) return;
    unsaved = false;
    const values = known;
    await write(values).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
  };
  const set = async (name: string, value: string) => {
    const values = await load();
    if (values[name] !== value) await save({ ...values, [name]: value });
  };
  return {
    resolve: async (name) => {
      const value = (await load())[name];
      if (value !== undefined) return value;
      throw new Failure('SECRET_MISSING', 'config', `The secret ${name} is not set`, {
        hint: `slipway secrets set ${name}${where}`,
      });
    },
    list: async () => Object.keys(await load()).sort(),
    set,
    unset: async (name) => {
      const { [name]: gone, ...rest } = await load();
      if (gone !== undefined) await save(rest);
      return gone !== undefined;
    },
    ensure: async (name, shape = 'key') => {
      if ((await load())[name] === undefined)
        await set(name, shape === 'key' ? randomBytes(48).toString('base64url') : fernetKey());
      return secret(name);
    },
    keep: async (variable, value) => {
      const name = `given.${variable}.${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
      if ((await load())[name] === undefined) await set(name, value);
      return secret(name);
    },
    together: async (work) => {
      gathering += 1;
      try {
        return await work();
      } finally {
        gathering -= 1;
        await saveGathered();
      }
    },
  };
}

/** URL-safe base64 with its padding: https://cryptography.io/en/latest/fernet/ */
const fernetKey = (): string => randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

function parse(path: string, text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string')) {
      return Object.fromEntries(Object.entries(value));
    }
  } catch {
    // Told below: what matters is that it is never silently replaced.
  }
  throw new Failure('SECRETS_UNREADABLE', 'environment', `${path} is not a file of secrets any more`, {
    hint: `restore it from a copy, or move it away: mv ${path} ${path}.broken`,
  });
}
