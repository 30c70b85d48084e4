import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Found } from '../core/found.js';
import { found } from '../core/found.js';
import { diskPath } from './disk-path.js';
import { readCommit } from './git.js';
import { readTree, type TreeFile } from './tree.js';

/** A file changed this recently may change again without a new time stamp, so its hash is not kept. */
const UNSETTLED_MS = 2000;
const FILES_A_TURN = 2000;

export interface FingerprintFile {
  readonly path: string;
  /** Of the content; of what a link says for a link. */
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly link?: string;
}

export interface Fingerprint {
  readonly fingerprint: string;
  /** Exactly what a release copies, sorted by path. */
  readonly files: readonly FingerprintFile[];
  /** What is not copied although it is there: unreadable files, sockets, links that leave the tree. */
  readonly notes: readonly Found<string>[];
  readonly commit?: string;
  readonly dirty?: boolean;
}

/** path → `size mtime inode ctime` and hash. */
type Cache = Record<string, readonly [key: string, sha256: string]>;

/**
 * Hashes every file of a source tree that a release would copy, tracked or not. Hashes of files whose size, times and inode are unchanged
 * come from `cachePath`, which must lie outside the tree. Rejects with a Node error when `root` cannot be read.
 */
export async function fingerprint(root: string, cachePath: string): Promise<Fingerprint> {
  const tree = await readTree(root);
  const known = loadCache(cachePath);
  const next: Cache = Object.create(null);
  const files: FingerprintFile[] = [];
  const notes = [...tree.notes];
  const now = Date.now();
  for (const [at, file] of tree.files.entries()) {
    try {
      files.push(hashFile(tree.root, file, known, next, now));
    } catch (error) {
      notes.push(found(`${file.path} cannot be read and is left out (${reason(error)})`, file.path));
    }
    if (at % FILES_A_TURN === FILES_A_TURN - 1) await setImmediate();
  }
  if (changed(known, next)) saveCache(cachePath, next);
  const commit = readCommit(tree.root);
  return { fingerprint: combine(files), files, notes, ...(commit === undefined ? {} : { commit }) };
}

const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** Times are fractions of milliseconds, good to a quarter of a microsecond. */
const keyOf = (stat: Stats): string => `${stat.size} ${stat.mtimeMs} ${stat.ino} ${stat.ctimeMs}`;

function hashFile(root: string, file: TreeFile, known: Cache, next: Cache, now: number): FingerprintFile {
  const disk = diskPath(root, file.path);
  const stat = lstatSync(disk);
  const base = { path: file.path, mode: stat.mode & 0o7777, size: stat.size };
  if (file.link !== undefined) return { ...base, sha256: sha256(file.link), link: file.link };
  if (!stat.isFile()) throw new Error('no longer a file');
  const key = keyOf(stat);
  const hit = known[file.path];
  const hash = hit?.[0] === key ? hit[1] : sha256(readFileSync(disk));
  const settled = now - stat.mtimeMs > UNSETTLED_MS && now - stat.ctimeMs > UNSETTLED_MS;
  if (hit?.[0] === key || settled) next[file.path] = [key, hash];
  return { ...base, sha256: hash };
}

/** NUL cannot be in a path, so that no two trees give the same lines. */
function combine(files: readonly FingerprintFile[]): string {
  const hash = createHash('sha256');
  for (const { path, mode, sha256: content, link } of files) {
    hash.update(`${JSON.stringify(path)}\0${mode.toString(8)}\0${link === undefined ? 'file' : 'link'}\0${content}\n`);
  }
  return hash.digest('hex');
}

function changed(before: Cache, after: Cache): boolean {
  const paths = Object.keys(after);
  return paths.length !== Object.keys(before).length || paths.some((path) => before[path]?.[0] !== after[path]?.[0]);
}

function loadCache(path: string): Cache {
  const cache: Cache = Object.create(null);
  try {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const [hash, key, name] = line.split('\t');
      if (hash !== undefined && key !== undefined && name !== undefined && /^[0-9a-f]{64}$/.test(hash)) {
        cache[String(JSON.parse(name))] = [key, hash];
      }
    }
  } catch {
    return Object.create(null);
  }
  return cache;
}

/** A cache that cannot be written only makes the next run slower. */
function saveCache(path: string, cache: Cache): void {
  const lines = Object.entries(cache).map(([name, [key, hash]]) => `${hash}\t${key}\t${JSON.stringify(name)}`);
  const beside = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(beside, lines.join('\n'), { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    rmSync(beside, { force: true });
  }
}
