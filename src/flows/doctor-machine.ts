import { accessSync, constants, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPortFree, portOwner } from '../hosts/ports.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { TOOLS } from './package-files.js';
import { readPorts } from './ports.js';
import type { DoctorEntry } from './results.js';

const EVERY = 'Slipway';
const LEAST_NODE = [20, 19] as const;
/** A usual environment, its static files and a few releases. */
const LEAST_BYTES = 1024 ** 3;
const DAY = 86_400_000;

/** What any project needs of this machine. */
export async function machineEntries(app: App, context: Context): Promise<DoctorEntry[]> {
  const ports = await portEntries(app);
  return [node(), home(context.home), await disk(context.home), clock(), ...ports];
}

function node(): DoctorEntry {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    name: 'Node.js',
    ok,
    found: process.versions.node,
    neededBy: EVERY,
    mend: ok ? '' : 'https://nodejs.org/en/download   # 20.19 or newer',
  };
}

/** The nearest folder that is there decides whether the rest can be made. */
function nearest(path: string): string {
  try {
    statSync(path);
    return path;
  } catch {
    return path === dirname(path) ? path : nearest(dirname(path));
  }
}

function home(path: string): DoctorEntry {
  const there = nearest(path);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    if (!statSync(there).isDirectory()) throw new Error('a file is in the way');
    // What the modes say is not all: a read-only or special file system refuses root too.
    rmdirSync(mkdtempSync(join(there, '.slipway-')));
    return { name: 'state folder', ok: true, found: path, neededBy: EVERY, mend: '' };
  } catch {
    return {
      name: 'state folder',
      ok: false,
      found: `${there} may not be written to`,
      neededBy: EVERY,
      mend: 'export SLIPWAY_HOME=$HOME/slipway',
    };
  }
}

async function disk(path: string): Promise<DoctorEntry> {
  const { bavail, bsize } = await statfs(nearest(path));
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GB free`;
  const ok = free >= LEAST_BYTES;
  return { name: 'disk', ok, found, neededBy: EVERY, mend: ok ? '' : `df -h ${nearest(path)}   # 1 GB is wanted` };
}

/** A clock that is behind makes certificates that are not valid yet, and refuses those of others. */
function clock(): DoctorEntry {
  const made = statSync(TOOLS).mtimeMs;
  const ok = Date.now() > made - DAY;
  return {
    name: 'clock',
    ok,
    found: new Date().toISOString(),
    neededBy: 'certificates',
    mend: ok ? '' : 'timedatectl set-ntp true',
  };
}

async function portEntries(app: App): Promise<DoctorEntry[]> {
  const kept = await readPorts(app).catch(() => undefined);
  const wanted = [
    { name: 'port for HTTPS', port: kept?.https ?? 8443 },
    { name: 'port for HTTP', port: kept?.http ?? 8080 },
  ];
  return Promise.all(
    wanted.map(async ({ name, port }) => ({
      name,
      ok: true,
      found: await portState(port, kept !== undefined),
      neededBy: 'the edge',
      mend: '',
    })),
  );
}

/** A taken port stops nothing: the next free one is used. */
async function portState(port: number, kept: boolean): Promise<string> {
  if (await isPortFree(port)) return `${port} is free`;
  const owner = await portOwner(port);
  const who = owner === undefined ? 'another process' : `${owner.name} (process ${owner.pid})`;
  return `${port} is used by ${who}${kept ? '' : ': the next free one is taken'}`;
}
