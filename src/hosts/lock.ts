import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { Failure, pathFailure } from '../core/failure.js';
import { WORK_VARIABLE } from '../core/host.js';
import { endStrays } from './strays.js';

export interface LockHolder {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, and the boot: together they tell a process from a later one with its number. */
  readonly started: string;
  readonly host: string;
  readonly command: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface LockOptions {
  readonly command: string;
  /** How long to wait for another holder before giving up. */
  readonly waitSeconds: number;
  readonly onWait?: (holder: LockHolder) => void;
  /** Called when the holder before has ended without freeing the lock. @param ended how many commands it had left running */
  readonly onTakeOver?: (dead: LockHolder, ended: number) => void;
  readonly signal?: AbortSignal;
}

const POLL_MS = 200;

/**
 * Takes the lock, waiting for its holder; the lock of a process that is no more is taken over, and what that has left running is ended: two
 * installers would write the same files. Gives the function that frees it.
 * @throws Failure LOCKED (conflict) naming the holder
 */
export async function acquireLock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const mine: LockHolder = {
    pid: process.pid,
    started: (await processStart(process.pid)) ?? '',
    host: hostname(),
    command: options.command,
    since: new Date().toISOString(),
  };
  const text = JSON.stringify(mine);
  const deadline = performance.now() + options.waitSeconds * 1000;
  let dead: LockHolder | undefined;
  for (let told = false; ; ) {
    options.signal?.throwIfAborted();
    if (await claim(path, text)) return held(path, text, dead, options);
    const holder = await readHolder(path);
    if (holder !== undefined && !(await isAlive(holder))) {
      dead = holder;
      await takeAway(path, holder);
      continue;
    }
    if (performance.now() >= deadline) throw locked(path, holder);
    if (holder !== undefined && !told) {
      told = true;
      options.onWait?.(holder);
    }
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

async function held(
  path: string,
  text: string,
  dead: LockHolder | undefined,
  options: LockOptions,
): Promise<() => Promise<void>> {
  if (dead !== undefined) {
    const ended = await endStrays(WORK_VARIABLE, markOf(dead));
    options.onTakeOver?.(dead, ended);
  }
  return () => free(path, text);
}

/** What tells the commands of this run from those of others; for `WORK_VARIABLE`. */
export const workMark = async (): Promise<string> =>
  markOf({ pid: process.pid, started: (await processStart(process.pid)) ?? '' });

const markOf = ({ pid, started }: Pick<LockHolder, 'pid' | 'started'>): string => `${pid}:${started}`;

/** Created whole under another name and linked into place: no reader ever sees an empty lock. */
async function claim(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, text, { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw pathFailure(error, path) ?? error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is LockHolder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'started' in value &&
    'since' in value
  );
}

async function isAlive(holder: LockHolder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  return (await processStart(holder.pid)) === holder.started;
}

/** Renamed away first: of two that find the same dead holder, one gets the file, and a lock taken meanwhile is put back. */
async function takeAway(path: string, dead: LockHolder): Promise<void> {
  const grave = `${path}.dead.${process.pid}`;
  try {
    await rename(path, grave);
  } catch {
    return;
  }
  const found = await readHolder(grave);
  if (found !== undefined && (found.pid !== dead.pid || found.started !== dead.started)) {
    await link(grave, path).catch(() => {});
  }
  await rm(grave, { force: true });
}

async function free(path: string, text: string): Promise<void> {
  const now = await readFile(path, 'utf8').catch(() => undefined);
  if (now === text) await rm(path, { force: true });
}

function locked(path: string, holder: LockHolder | undefined): Failure {
  if (holder === undefined) return new Failure('LOCKED', 'conflict', `The lock ${path} is held`, { hint: `cat ${path}` });
  return new Failure(
    'LOCKED',
    'conflict',
    `\`slipway ${holder.command}\` (process ${holder.pid} on ${holder.host}) is at work since ${holder.since}`,
    {
      hint: `wait for it, or end it: kill ${holder.pid}`,
    },
  );
}

async function processStart(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The command name may hold anything; the fields after its last parenthesis are numbers. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return `${boot.trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}
