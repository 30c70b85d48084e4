import { cp, link, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from '../core/command.js';
import { Failure, pathFailure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import { sendRequest } from './http-request.js';
import { renderContent, resolveArg, resolveStdin, type SecretResolver } from './secret-values.js';
import { type Spawn, spawn, spawnInteractive } from './spawn.js';
import { syncFiles } from './sync.js';

/** What a tool may see of the user's environment: where things are, in which language, and how the network is reached. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|XDG_\w+|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|PIP_\w+|UV_\w+|POETRY_\w+|npm_config_\w+|NPM_CONFIG_\w+)$/;

/** The environment that every command on this machine starts from. */
export function baseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const base: Record<string, string> = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && PASSED_ON.test(name)) base[name] = value;
  }
  return base;
}

const noSecrets: SecretResolver = (name) =>
  Promise.reject(
    new Failure('SECRET_MISSING', 'config', `The secret ${name} is not set`, { hint: `slipway secrets set ${name}` }),
  );

/** This machine. Secrets are given by name through `secrets`, at the last moment. @param marks variables that every command gets */
export function localHost(secrets: SecretResolver = noSecrets, marks: Readonly<Record<string, string>> = {}): Host {
  return {
    name: 'local',
    exec: async (command, options) => spawn(await prepare(command, secrets, marks), options),
    request: sendRequest,
    read: readIfThere,
    render: (content) => renderContent(content, secrets),
    write: async (path, content, mode = 0o644) => writeInPlace(path, await renderContent(content, secrets), mode),
    exists: async (path) => (await statIfThere(path)) !== undefined,
    readLink: linkTarget,
    link: replaceLink,
    folder: async (path, mode = 0o755) => {
      await naming(path, mkdir(path, { recursive: true, mode }));
    },
    remove: (path) => naming(path, rm(path, { recursive: true, force: true, maxRetries: 3 })),
    sync: (action, signal) => naming(action.to, syncFiles(action, signal)),
    list: namesIn,
    files: filesBelow,
    copy: (from, to) => naming(to, cp(from, to, { recursive: true, verbatimSymlinks: true, errorOnExist: false })),
    hardLinks: (from, to, files) => naming(to, linkFiles(from, to, files)),
  };
}

/** Runs a command on the user's terminal; gives its exit code. */
export async function localInteractive(
  command: Command,
  secrets: SecretResolver = noSecrets,
  signal?: AbortSignal,
): Promise<number> {
  return spawnInteractive(await prepare(command, secrets), signal);
}

async function prepare(command: Command, secrets: SecretResolver, marks: Readonly<Record<string, string>> = {}): Promise<Spawn> {
  const argv = await Promise.all(command.argv.map((arg) => resolveArg(arg, secrets)));
  const other = command.user === undefined || command.user === userInfo().username ? undefined : command.user;
  const env: Record<string, string> = { ...baseEnvironment(), ...marks };
  // The caller's folder of temporary files is closed to others.
  if (other !== undefined) delete env['TMPDIR'];
  for (const [name, value] of Object.entries(command.env ?? {})) env[name] = await resolveArg(value, secrets);
  return {
    argv: other === undefined ? argv : ['setpriv', ...becoming(other), ...argv],
    env,
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.stdin === undefined ? {} : { stdin: await resolveStdin(command, secrets) }),
    ...(command.timeoutSeconds === undefined ? {} : { timeoutSeconds: command.timeoutSeconds }),
  };
}

const becoming = (user: string): string[] => [
  `--reuid=${user}`,
  '--regid',
  user === 'nobody' ? 'nogroup' : user,
  '--init-groups',
  '--',
];

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw pathFailure(error, path) ?? error;
  }
}

async function statIfThere(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw pathFailure(error, path) ?? error;
  }
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'EINVAL') return undefined;
    throw pathFailure(error, path) ?? error;
  }
}

let counter = 0;
const beside = (path: string): string => `${path}.${process.pid}-${counter++}.new`;

async function writeInPlace(path: string, content: string, mode: number): Promise<void> {
  const fresh = beside(path);
  await naming(path, mkdir(dirname(path), { recursive: true }));
  try {
    await writeFile(fresh, content, { mode, flush: true });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw pathFailure(error, path) ?? error;
  }
}

async function replaceLink(path: string, to: string): Promise<number> {
  const began = performance.now();
  const fresh = beside(path);
  await naming(path, mkdir(dirname(path), { recursive: true }));
  await naming(path, symlink(to, fresh));
  await naming(path, rename(fresh, path));
  return performance.now() - began;
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw pathFailure(error, path) ?? error;
  }
}

async function filesBelow(root: string, without: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(root, below), { withFileTypes: true });
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (!entry.isDirectory()) {
        if (entry.isFile()) found.push(path);
      } else if (!without.includes(entry.name)) await walk(path);
    }
  };
  if ((await statIfThere(root)) !== undefined) await walk('');
  return found.sort();
}

async function linkFiles(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await link(join(from, file), join(to, file)).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST' && !isMissing(error)) throw error;
    });
  }
}

async function naming<T>(path: string, done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    throw pathFailure(error, path) ?? error;
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
