import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../core/failure.js';
import { decodeText } from './decode.js';
import type { ParsedConfig } from './parse.js';

export const FILE_NAMES = ['slipway.yml', 'slipway.yaml'] as const;

export interface Loaded extends ParsedConfig {
  /** Absent where there is no file. */
  readonly path?: string;
}

/**
 * The configuration of a project's folder, or of the one file named. A folder without one is configured by detection alone.
 * @throws Failure CONFIG_… (config): message with file, line and column, detail with the lines, hint with what to write
 */
export async function loadConfig(at: string): Promise<Loaded> {
  const path = await configFile(at);
  if (path === undefined) return { config: {}, where: () => undefined };
  const name = basename(path);
  const bytes = await readFile(path).catch((error: unknown) => unreadable(name, error));
  // Most projects have no file: the readers are loaded for those that do.
  const { parseConfig } = await import('./parse.js');
  return { ...parseConfig(decodeText(bytes, name), name), path };
}

async function configFile(at: string): Promise<string | undefined> {
  const there = await stat(at).catch((error: unknown) => unreadable(basename(at), error));
  if (!there.isDirectory()) return regular(at, kind(there));
  const found: string[] = [];
  for (const name of FILE_NAMES) {
    const file = await stat(join(at, name)).catch(absent(name));
    if (file !== undefined) found.push(regular(join(at, name), kind(file)));
  }
  if (found.length < 2) return found[0];
  throw new Failure('CONFIG_SEVERAL', 'config', `There are both ${FILE_NAMES.join(' and ')}`, {
    hint: `keep one of them: rm ${FILE_NAMES[1]}`,
  });
}

const kind = (found: Stats) => ({ size: found.size, isFile: found.isFile() });

/** Beyond this nobody wrote it by hand: it is not even read. The reader's own limit is lower, and told with its place. */
const LARGEST = 4 * 1024 * 1024;

function regular(path: string, { size, isFile }: { readonly size: number; readonly isFile: boolean }): string {
  if (isFile && size <= LARGEST) return path;
  throw new Failure('CONFIG_UNREADABLE', 'config', `${basename(path)} is ${isFile ? 'far too large' : 'not a file'}`, {
    hint: 'a text file in YAML is expected there',
  });
}

const absent =
  (name: string) =>
  (error: unknown): undefined =>
    error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      ? undefined
      : unreadable(name, error);

function unreadable(name: string, error: unknown): never {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const said = reason === 'ENOENT' ? 'does not exist' : `cannot be read (${reason})`;
  throw new Failure('CONFIG_UNREADABLE', 'config', `${name} ${said}`, { cause: error, hint: `ls -l ${name}` });
}
