import { secretsNamed } from '../config/choices.js';
import type { EnvironmentConfig } from '../config/environment.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import { type AgeFile, placeOfFile, readAge, writeAge } from './age-file.js';
import type { Secrets } from './secret-file.js';
import { isUsers } from './secrets.js';

/** Where the user keeps secrets, if not with Slipway. */
interface Source {
  /** undefined where it has none of that name. */
  read(name: string): Promise<string | undefined>;
  names(): Promise<readonly string[]>;
  write(name: string, value: string | undefined): Promise<void>;
}

/** Secrets that the user names are read from where slipway.yml says they are; those that Slipway makes stay with it. */
export function withSource(secrets: Secrets, config: EnvironmentConfig, root: string, here: Host): Secrets {
  const source = sourceOf(config, root, here);
  if (source === undefined) return secrets;
  const named = new Set(secretsNamed(config));
  return {
    ...secrets,
    resolve: async (name) => {
      // Of the others Slipway has made some, unless the user has one of that name.
      if (!named.has(name) && !(await source.names()).includes(name)) return secrets.resolve(name);
      const value = await source.read(name);
      if (value !== undefined) return value;
      throw new Failure('SECRET_MISSING', 'config', `The secret ${name} is not set`, {
        hint: `slipway secrets set ${name} -e ${config.name}`,
      });
    },
    list: async () => [...(await secrets.list()).filter((name) => !isUsers(name)), ...(await source.names())].sort(),
    set: (name, value) => (isUsers(name) ? source.write(name, value) : secrets.set(name, value)),
    unset: async (name) => {
      if (!isUsers(name)) return secrets.unset(name);
      const isThere = (await source.names()).includes(name);
      if (isThere) await source.write(name, undefined);
      return isThere;
    },
  };
}

function sourceOf({ secrets: where }: EnvironmentConfig, root: string, here: Host): Source | undefined {
  if (where?.command !== undefined) return commandSource(where.command, root, here);
  if (where?.file === undefined || where.identity === undefined) return undefined;
  return ageSource({
    path: placeOfFile(root, where.file),
    identity: placeOfFile(root, where.identity),
    recipients: where.recipients ?? [],
  });
}

function ageSource(file: AgeFile): Source {
  let known: Promise<Readonly<Record<string, string>>> | undefined;
  const all = () => {
    known ??= readAge(file);
    return known;
  };
  return {
    read: async (name) => (Object.hasOwn(await all(), name) ? (await all())[name] : undefined),
    names: async () => Object.keys(await all()),
    write: async (name, value) => {
      const { [name]: _, ...rest } = await all();
      const next = value === undefined ? rest : { ...rest, [name]: value };
      await writeAge(file, next);
      known = Promise.resolve(next);
    },
  };
}

const NAME = '{name}';
const SECONDS = 60;

/** A password manager's command, run for each secret on this machine; what it prints is the value, less the newline at its end. */
function commandSource(argv: readonly string[], root: string, here: Host): Source {
  const known = new Map<string, Promise<string>>();
  const ask = async (name: string): Promise<string> => {
    const words = argv.some((word) => word.includes(NAME)) ? argv.map((word) => word.replaceAll(NAME, name)) : [...argv, name];
    const { code, stdout, stderr } = await here.exec({ argv: words, cwd: root, timeoutSeconds: SECONDS });
    const value = stdout.replace(/\r?\n$/, '');
    if (code === 0 && value !== '') return value;
    throw new Failure('SECRET_COMMAND_FAILED', 'environment', `${words[0]} gave no value for the secret ${name}`, {
      detail: stderr.trimEnd(),
      hint: `${words.join(' ')}   # must print it, and nothing else`,
    });
  };
  return {
    read: (name) => {
      const value = known.get(name) ?? ask(name);
      known.set(name, value);
      return value;
    },
    names: async () => [],
    write: (name) =>
      Promise.reject(
        new Failure('SECRETS_ELSEWHERE', 'usage', `Secrets are read from ${argv[0]}, where ${name} has to be set`, {
          hint: argv.join(' '),
        }),
      ),
  };
}
