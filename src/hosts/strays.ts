import { readdir, readFile } from 'node:fs/promises';

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

/** Ends them: asked first, made to after a grace time. Gives how many there were. */
export async function endStrays(name: string, value: string): Promise<number> {
  const first = await findStrays(name, value);
  signalAll(first, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  let left = first;
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, 100));
    left = await findStrays(name, value);
  }
  signalAll(left, 'SIGKILL');
  return first.length;
}

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
