import { readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parseDotenv } from '../config/dotenv.js';
import { Failure } from '../core/failure.js';

export interface AgeFile {
  /** Absolute. */
  readonly path: string;
  /** A file with the key that opens it: lines of `age-keygen`. */
  readonly identity: string;
  /** Whom it is written for; default: the identity alone. */
  readonly recipients: readonly string[];
}

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

/**
 * Opens a file encrypted with age (https://age-encryption.org), whose text is `NAME=value` lines. One that is not there holds nothing.
 * @throws Failure SECRETS_UNREADABLE (environment), CONFIG_ENV_FILE (config)
 */
export async function readAge(file: AgeFile): Promise<Readonly<Record<string, string>>> {
  const bytes = await readFile(file.path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadable(file.path, error);
  });
  if (bytes === undefined) return {};
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const key of await identities(file)) decrypter.addIdentity(key);
  const text = bytes.toString('utf8');
  try {
    const data = text.startsWith(ARMOR) ? armor.decode(text) : new Uint8Array(bytes);
    return parseDotenv(await decrypter.decrypt(data, 'text'), file.path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('SECRETS_UNREADABLE', 'environment', `${file.path} is not opened by the key in ${file.identity}`, {
      hint: `age -d -i ${file.identity} ${file.path} > /dev/null   # somebody it is encrypted for has to add you`,
      cause: error,
    });
  }
}

/** Writes it whole, encrypted anew; the text is nowhere on the disk. @throws Failure SECRETS_UNREADABLE (environment) */
export async function writeAge(file: AgeFile, values: Readonly<Record<string, string>>): Promise<void> {
  const { armor, Encrypter, identityToRecipient } = await import('age-encryption');
  const encrypter = new Encrypter();
  const own =
    file.recipients.length > 0 ? [] : await Promise.all((await identities(file)).map((key) => identityToRecipient(key)));
  for (const recipient of [...file.recipients, ...own]) encrypter.addRecipient(recipient);
  const text = Object.keys(values)
    .sort()
    .map((name) => `${name}=${quoted(values[name] ?? '')}\n`)
    .join('');
  const fresh = `${file.path}.${process.pid}.new`;
  await writeFile(fresh, armor.encode(await encrypter.encrypt(text)), { mode: 0o600 });
  await rename(fresh, file.path);
}

const ESCAPED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\', $: '\\$' };

/** As `parseDotenv` reads it back. */
export const quoted = (value: string): string =>
  `"${value.replace(/[\n\r\t"\\$]/g, (character) => ESCAPED[character] ?? character)}"`;

async function identities({ identity }: AgeFile): Promise<string[]> {
  const text = await readFile(identity, 'utf8').catch((error: unknown) => {
    throw unreadable(identity, error);
  });
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length > 0) return keys;
  throw new Failure('SECRETS_UNREADABLE', 'environment', `${identity} holds no key`, { hint: `age-keygen -o ${identity}` });
}

const unreadable = (path: string, cause: unknown): Failure =>
  new Failure('SECRETS_UNREADABLE', 'environment', `${path} cannot be read`, { cause, hint: `ls -l ${path}` });

/** A path of slipway.yml: from the project's root, from home where it begins with `~/`. */
export const placeOfFile = (root: string, path: string): string =>
  path.startsWith('~/') ? join(homedir(), path.slice(2)) : isAbsolute(path) ? path : join(root, path);
