import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forgetGroups } from './groups.js';
import { LAB_CACHE } from './image.js';
import { type Network, networkIsFree, networkOf, removeNetwork } from './network.js';
import { processIs, thisProcess } from './process.js';

/** Networks are the machine's, so labs of all processes are numbered in one place. It is gone after a reboot, as they are. */
const SLOTS = '/run/slipway-lab';
const MOST = 250;
/** A claim without an owner is being made, or its maker died at that moment. */
const UNOWNED_MS = 30_000;

export interface Slot {
  readonly network: Network;
  readonly folder: string;
  release(): Promise<void>;
}

/** A number of its own for a lab: a network, a folder. What labs of dead processes left is cleaned first. */
export async function claimSlot(): Promise<Slot> {
  await mkdir(SLOTS, { recursive: true });
  for (const name of await readdir(SLOTS)) if (await takeOver(name)) await clean(Number(name));
  for (let number = 1; number <= MOST; number++) {
    if (!(await claim(number))) continue;
    if (!(await networkIsFree(networkOf(number)))) {
      await rm(claimOf(number), { recursive: true, force: true });
      continue;
    }
    const folder = folderOf(number);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'hosts'), { recursive: true });
    return { network: networkOf(number), folder, release: () => clean(number) };
  }
  throw new Error(`all ${MOST} networks for lab hosts are taken; see ${SLOTS}`);
}

const claimOf = (number: number): string => join(SLOTS, String(number));
const folderOf = (number: number): string => join(LAB_CACHE, 'running', String(number));

async function claim(number: number): Promise<boolean> {
  try {
    await mkdir(claimOf(number));
    await writeFile(join(claimOf(number), 'owner'), thisProcess(), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** True for the one process that now has to clean a slot whose owner is dead. */
async function takeOver(name: string): Promise<boolean> {
  const owner = join(SLOTS, name, 'owner');
  try {
    const named = await readFile(owner, 'utf8').catch(() => undefined);
    if (named === undefined && Date.now() - (await stat(join(SLOTS, name))).mtimeMs < UNOWNED_MS) return false;
    if (named !== undefined) {
      if (named === '' || processIs(named)) return false;
      await rename(owner, `${owner}.${process.pid}`);
    }
    await writeFile(owner, thisProcess(), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

async function clean(number: number): Promise<void> {
  const network = networkOf(number);
  await removeNetwork(network);
  await forgetGroups(network.bridge);
  await rm(folderOf(number), { recursive: true, force: true, maxRetries: 10 });
  await rm(claimOf(number), { recursive: true, force: true });
}
