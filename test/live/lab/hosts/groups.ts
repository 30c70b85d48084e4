import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.js';

/** Removes the empty control groups a lab leaves behind: all of its processes are gone by now. */
export async function forgetGroups(name: string): Promise<void> {
  const mount = await mkdtemp(join(tmpdir(), 'sw-groups-'));
  await run('mount', '-t', 'cgroup2', 'cgroup2', mount);
  try {
    if (existsSync(join(mount, name))) await removeGroup(join(mount, name));
  } finally {
    await run('umount', mount);
    await rmdir(mount);
  }
}

async function removeGroup(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
  }
  await rmdir(folder).catch(() => {});
}
