import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder of its own for one test, with a short path; gone afterwards. `after` runs before it goes, last given first. */
export async function sandbox(context: TestContext): Promise<{ folder: string; after: (task: () => Promise<unknown>) => void }> {
  const folder = await mkdtemp(join(tmpdir(), 'sw-'));
  const tasks: (() => Promise<unknown>)[] = [];
  context.after(async () => {
    for (const task of tasks.reverse()) await task();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { folder, after: (task) => tasks.push(task) };
}

/** Asks every 25 ms until the answer is neither undefined nor false. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 15,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await new Promise((wake) => setTimeout(wake, 25));
  }
}

/** True while there is a process with this id that is not a zombie. */
export async function isRunning(pid: number): Promise<boolean> {
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/^\d+ \(.*\) [ZX]/s.test(stat);
}
