import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Sync } from '../core/host.js';
import { hasRawBytes, nameToBytes } from '../core/path-name.js';

const AT_ONCE = 32;

/**
 * Makes `to` hold the named files of `from`. A file that `like` holds with the same size and modification time of the copy is linked from
 * there instead (`unchanged` names them: the caller knows by content hash). Modes are kept, owners are ours, symlinks stay symlinks.
 */
export async function syncFiles(action: Sync, signal?: AbortSignal): Promise<void> {
  const unchanged = new Set(action.like?.unchanged ?? []);
  await mkdir(action.to, { recursive: true });
  await makeFolders(action);
  const queue = [...action.files];
  const work = async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      signal?.throwIfAborted();
      await place(action, file, unchanged.has(file));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A path as `node:fs` opens it, whatever bytes its name has. */
export function at(folder: string, name: string): string | Buffer {
  const whole = name === '.' ? folder : `${folder}/${name}`;
  return hasRawBytes(whole) ? Buffer.from(nameToBytes(whole)) : whole;
}

async function makeFolders(action: Sync): Promise<void> {
  const folders = new Set(action.files.map((file) => dirname(file)));
  for (const folder of [...folders].sort()) await mkdir(at(action.to, folder), { recursive: true });
}

async function place(action: Sync, file: string, unchanged: boolean): Promise<void> {
  const target = at(action.to, file);
  const source = at(action.from, file);
  const stat = await lstat(source);
  if (unchanged && action.like !== undefined && (await linked(at(action.like.folder, file), target, stat.size))) return;
  if (stat.isSymbolicLink()) {
    await ignoreExisting(symlink(await readlink(source, 'buffer'), target));
    return;
  }
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  // Readable and writable for us whatever the original says: a release must be removable, and read-only sources exist.
  await chmod(target, (stat.mode & 0o777) | 0o600);
}

/** A copy that something has written to since is not linked. */
async function linked(existing: string | Buffer, target: string | Buffer, size: number): Promise<boolean> {
  try {
    const stat = await lstat(existing);
    if (!stat.isFile() || stat.size !== size) return false;
    await link(existing, target);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return true;
    return false;
  }
}

async function ignoreExisting(done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
