import { lstatSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { nameFromBytes } from '../core/path-name.js';
import { gitIndexNames } from './git-index.js';

interface Repository {
  readonly top: string;
  /** Of this work tree: HEAD and index. */
  readonly folder: string;
  /** Shared by all work trees: refs. */
  readonly shared: string;
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function repository(directory: string): Repository | undefined {
  for (let top = directory; ; top = dirname(top)) {
    const folder = gitFolder(join(top, '.git'));
    if (folder !== undefined) {
      const common = text(join(folder, 'commondir'));
      return { top, folder, shared: common === undefined ? folder : resolve(folder, common) };
    }
    if (top === dirname(top)) return undefined;
  }
}

/** `.git` is a folder, or in a linked work tree or submodule a file that names one. */
function gitFolder(path: string): string | undefined {
  try {
    if (lstatSync(path).isDirectory()) return text(join(path, 'HEAD')) === undefined ? undefined : path;
  } catch {
    return undefined;
  }
  const named = /^gitdir: (.+)$/m.exec(text(path) ?? '')?.[1];
  if (named === undefined) return undefined;
  return isAbsolute(named) ? named : resolve(dirname(path), named);
}

/** The commit that is checked out in the repository `directory` is in; read without running git. */
export function readCommit(directory: string): string | undefined {
  const repo = repository(directory);
  const head = repo === undefined ? undefined : text(join(repo.folder, 'HEAD'));
  if (repo === undefined || head === undefined) return undefined;
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  const id = ref === undefined ? head : (text(join(repo.folder, ref)) ?? text(join(repo.shared, ref)) ?? packed(repo, ref));
  return id !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id) ? id : undefined;
}

function packed(repo: Repository, ref: string): string | undefined {
  const line = (text(join(repo.shared, 'packed-refs')) ?? '').split('\n').find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(' ')[0];
}

/** The files git tracks below `directory`, relative to it; undefined where there is no repository or its index cannot be read. */
export function readTracked(directory: string): ReadonlySet<string> | undefined {
  const repo = repository(directory);
  if (repo === undefined) return undefined;
  try {
    const names = gitIndexNames(readFileSync(join(repo.folder, 'index')));
    const below = relative(repo.top, directory);
    const prefix = below === '' ? '' : `${below}/`;
    if (names === undefined) return undefined;
    const paths = names.map((name) => nameFromBytes(name)).filter((name) => name.startsWith(prefix));
    return new Set(paths.map((name) => name.slice(prefix.length)));
  } catch {
    return undefined;
  }
}
