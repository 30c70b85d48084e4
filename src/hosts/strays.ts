import { readdir, readFile, readlink } from 'node:fs/promises';

const GRACE_MS = 5000;

/** Processes of this user whose environment has `NAME=value`: what a supervisor that was killed has left behind. */
export async function findStrays(name: string, value: string): Promise<number[]> {
  const wanted = `${name}=${value}`;
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return pid !== process.pid && environment.split('\0').includes(wanted);
    }),
  );
  return pids.filter((_, i) => marked[i] === true);
}

/**
 * Programs of that name that have a file below the folder open. For those that write over their environment, as nginx does to show a title:
 * https://github.com/nginx/nginx/blob/master/src/os/unix/ngx_setproctitle.c
 */
export async function findHolders(program: string, folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const holding = await Promise.all(pids.map((pid) => holds(pid, program, `${folder}/`)));
  return pids.filter((_, i) => holding[i] === true);
}

async function holds(pid: number, program: string, folder: string): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (name.trim() !== program) return false;
  const descriptors = await readdir(`/proc/${pid}/fd`).catch((): string[] => []);
  const files = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return files.some((file) => file.startsWith(folder));
}

/** Ends what `find` finds: asked first, made to after a grace time. Gives how many there were. */
export async function endFound(find: () => Promise<number[]>): Promise<number> {
  const first = await find();
  signalAll(first, 'SIGTERM');
  const deadline = performance.now() + GRACE_MS;
  let left = first;
  while (left.length > 0 && performance.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, 100));
    left = await find();
  }
  signalAll(left, 'SIGKILL');
  return first.length;
}

/** Ends processes that are marked. Gives how many there were. */
export const endStrays = (name: string, value: string): Promise<number> => endFound(() => findStrays(name, value));

/** Ends a process that leads its group, with all of the group: by force after the grace time. */
export async function endProcessGroup(leader: number, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  while (performance.now() < deadline) {
    if (!isThere(leader)) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  signalAll([-leader], 'SIGKILL');
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself.
    }
  }
}
