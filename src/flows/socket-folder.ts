import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';

/** `sun_path` has 108 bytes with its terminator: https://man7.org/linux/man-pages/man7/unix.7.html */
const LONGEST_SOCKET_PATH = 107;
/** The longest name below the folder: `tmp/pymp-abcdefgh/listener-abcdefgh`, a socket of Python's own between processes. */
const LONGEST_NAME = 36;

/** Where an app's sockets are: in Slipway's home where the path is short enough and open, else below /tmp. Nothing is made. */
export async function socketFolder(home: string, key: string, environment: string): Promise<string> {
  const name = createHash('sha256').update(`${home}\n${key}\n${environment}`).digest('hex').slice(0, 8);
  const inHome = join(home, 'run', name);
  // As root, a server that has become another user makes its socket there: the way must be open to it.
  const closed = userId() === 0 && (await isClosed(dirname(home)));
  return !closed && Buffer.byteLength(inHome) + 1 + LONGEST_NAME <= LONGEST_SOCKET_PATH ? inHome : join(userFolder(), name);
}

const userId = (): number => process.getuid?.() ?? 0;

/** Private to this user, whatever Slipway's home is. Made by `makeSocketFolder`. */
export const userFolder = (): string => `/tmp/slipway-${userId()}`;

/**
 * Makes the folder, where nobody else can put anything.
 * @throws Failure RUN_FOLDER_FOREIGN when somebody else has made the one below /tmp, NOT_WRITABLE
 */
export async function makeSocketFolder(folder: string, host: Host): Promise<void> {
  if (!folder.startsWith(`${userFolder()}/`)) return host.folder(folder, 0o711);
  await host.folder(userFolder(), 0o711);
  const stat = await lstat(userFolder());
  if (!stat.isDirectory() || stat.uid !== userId() || (stat.mode & 0o022) !== 0) {
    throw new Failure('RUN_FOLDER_FOREIGN', 'environment', `${userFolder()} is not a private folder of this user`, {
      hint: `ls -ld ${userFolder()}   # or a shorter SLIPWAY_HOME`,
    });
  }
  await host.folder(folder, 0o711);
}

/** True where some folder on the way lets no other user through. */
async function isClosed(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = (await lstat(folder).catch(() => undefined)) ?? { mode: 0o755 };
    if ((mode & 0o001) === 0) return true;
  }
  return false;
}
