import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.js';

/** `sun_path` has 108 bytes with its terminator: https://man7.org/linux/man-pages/man7/unix.7.html */
const LONGEST_SOCKET_PATH = 107;
/** The longest name below the folder: PostgreSQL's lock beside its socket, and a release's socket. */
const LONGEST_NAME = 32;

/**
 * A folder for an app's sockets: in Slipway's home where the path is short enough, else below /tmp, private to this user.
 * @throws Failure RUN_FOLDER_FOREIGN when somebody else has made that folder
 */
export async function socketFolder(home: string, key: string, environment: string): Promise<string> {
  const name = createHash('sha256').update(`${home}\n${key}\n${environment}`).digest('hex').slice(0, 8);
  const inHome = join(home, 'run', name);
  const uid = process.getuid?.() ?? 0;
  // As root, a server that has become another user makes its socket there: the way must be open to it.
  const closed = uid === 0 && (await isClosed(dirname(home)));
  if (!closed && Buffer.byteLength(inHome) + 1 + LONGEST_NAME <= LONGEST_SOCKET_PATH) {
    await mkdir(inHome, { recursive: true });
    return inHome;
  }
  const below = `/tmp/slipway-${uid}`;
  await mkdir(below, { recursive: true, mode: 0o711 });
  const stat = await lstat(below);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o022) !== 0) {
    throw new Failure('RUN_FOLDER_FOREIGN', 'environment', `${below} is not a private folder of this user`, {
      hint: `ls -ld ${below}   # or a shorter SLIPWAY_HOME`,
    });
  }
  const folder = join(below, name);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return folder;
}

/** True where some folder on the way lets no other user through. */
async function isClosed(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = (await lstat(folder).catch(() => undefined)) ?? { mode: 0o755 };
    if ((mode & 0o001) === 0) return true;
  }
  return false;
}
