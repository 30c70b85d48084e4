import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflate, deflateSync } from 'node:zlib';
import { Failure, pathFailure } from '../../core/failure.js';
import type { Sync } from '../../core/host.js';
import { nameFromBytes } from '../../core/path-name.js';
import { at } from '../sync.js';
import { isList, type Json, numbersOf } from './answer.js';
import type { Channel } from './channel.js';

const AT_ONCE = 16;
/** Up to this many bytes a file is read at once, which is quicker than a stream. */
const SMALL = 1024 * 1024;

interface Blob {
  readonly path: string;
  readonly hash: string;
  readonly mode: number;
  readonly size: number;
}

interface Manifest {
  readonly files: readonly Blob[];
  readonly links: readonly (readonly [path: string, target: string])[];
}

/**
 * Makes `to` on the host hold the named files: those whose content the host has had before are linked there, the others go in one compressed
 * stream. Two round trips, whatever the number of files.
 * @throws Failure SYNC_CHANGED when a file changes meanwhile, SSH_LOST
 */
export async function upload(
  channel: Channel,
  action: Sync,
  place: { readonly store: string; readonly as?: string },
  signal?: AbortSignal,
): Promise<void> {
  const manifest = await readManifest(action, signal);
  let tell: (absent: readonly number[]) => void = () => {};
  const absent = new Promise<readonly number[]>((resolve) => {
    tell = resolve;
  });
  const parts: Buffer[] = [];
  const onOut = (bytes: Buffer) => {
    parts.push(bytes);
    const list: Json = JSON.parse(Buffer.concat(parts).toString('utf8'));
    tell(isList(list) ? numbersOf(list) : []);
  };
  const args = { op: 'sync', store: place.store, to: action.to, ...(place.as === undefined ? {} : { as: place.as }) };
  const body = contentOf(action, manifest, absent);
  await channel.call(args, { body, onOut, ...(signal === undefined ? {} : { signal }) });
}

/** What each file is: its hash, the mode it gets, its size. */
async function readManifest(action: Sync, signal?: AbortSignal): Promise<Manifest> {
  const files: Blob[] = [];
  const links: (readonly [string, string])[] = [];
  const queue = [...action.files];
  const work = async () => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      signal?.throwIfAborted();
      const source = at(action.from, path);
      const stat = await lstat(source);
      if (stat.isSymbolicLink()) links.push([path, nameFromBytes(await readlink(source, 'buffer'))]);
      // Readable and writable for its owner whatever the original says: a release must be removable.
      else files.push({ path, hash: await hashOf(source, stat.size), mode: (stat.mode & 0o777) | 0o600, size: stat.size });
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    throw pathFailure(error) ?? error;
  }
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  return { files: files.sort(byPath), links };
}

async function hashOf(source: string | Buffer, size: number): Promise<string> {
  const hash = createHash('sha256');
  if (size <= SMALL) return hash.update(await readFile(source)).digest('hex');
  for await (const chunk of createReadStream(source)) hash.update(chunk);
  return hash.digest('hex');
}

/** The list, then the content of what the host lacks, each content once: both compressed. */
async function* contentOf(action: Sync, manifest: Manifest, absent: Promise<readonly number[]>): AsyncGenerator<Buffer> {
  const rows = manifest.files.map(({ path, hash, mode, size }) => [path, hash, mode, size]);
  const list = Buffer.from(JSON.stringify({ files: rows, links: manifest.links }));
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(list.length));
  yield deflateSync(Buffer.concat([head, list]), { level: 1 });
  const blobs = distinct(manifest.files);
  const wanted = (await absent).flatMap((index) => blobs[index] ?? []);
  if (wanted.length > 0) yield* compressed(filesOf(action, wanted));
}

/** As the host counts them: in order of appearance, the same content with the same mode once. */
function distinct(files: readonly Blob[]): Blob[] {
  const blobs = new Map<string, Blob>();
  for (const blob of files) {
    const key = `${blob.hash} ${blob.mode}`;
    if (!blobs.has(key)) blobs.set(key, blob);
  }
  return [...blobs.values()];
}

async function* filesOf(action: Sync, blobs: readonly Blob[]): AsyncGenerator<Buffer> {
  for (const { path, size } of blobs) {
    const source = at(action.from, path);
    let left = size;
    for await (const chunk of size <= SMALL ? [await readFile(source)] : createReadStream(source)) {
      if (!Buffer.isBuffer(chunk)) continue;
      left -= chunk.length;
      if (left < 0) break;
      yield chunk;
    }
    if (left !== 0) throw new Failure('SYNC_CHANGED', 'project', `${path} changed while it was sent`, { hint: 'run it again' });
  }
}

/** Level 1 is faster than any network that needs it. */
async function* compressed(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const deflate = createDeflate({ level: 1, chunkSize: 128 * 1024 });
  const fed = pipeline(Readable.from(parts), deflate);
  // Its failure is thrown by the loop too.
  fed.catch(() => {});
  for await (const chunk of deflate) if (Buffer.isBuffer(chunk)) yield chunk;
  await fed;
}
