import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { TEST_HOME } from '../../support/live-app.js';
import { pipPython } from '../../support/pip.js';

const run = promisify(execFile);

/** A source distribution on PyPI. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const CACHE = join(dirname(TEST_HOME), 'sources');

/**
 * Path of the archive, which has that hash; downloaded once and kept for the next runs.
 * @throws Error when what the index or the cache has is another file
 */
export async function archive(pinned: Pinned, cache: string = CACHE): Promise<string> {
  const kept = join(cache, `${pinned.name}-${pinned.version}.tar.gz`);
  if (!existsSync(kept)) await download(pinned, kept);
  const actual = createHash('sha256')
    .update(await readFile(kept))
    .digest('hex');
  if (actual === pinned.sha256) return kept;
  throw new Error(`${kept} is not what is pinned: sha256 ${actual} instead of ${pinned.sha256}`);
}

/** By pip, so that proxies, certificates and indexes are those of the machine. */
async function download({ name, version, sha256 }: Pinned, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const folder = await mkdtemp(`${to}-`);
  try {
    const list = join(folder, 'requirements.txt');
    await writeFile(list, `${name}==${version} --hash=sha256:${sha256}\n`);
    const options = ['--quiet', '--no-deps', '--no-binary', name, '--ignore-requires-python', '--require-hashes'];
    await run(pipPython(), ['-m', 'pip', 'download', ...options, '--dest', folder, '--requirement', list], { timeout: 300_000 });
    const file = (await readdir(folder)).find((entry) => entry.endsWith('.tar.gz'));
    if (file === undefined) throw new Error(`pip brought no .tar.gz of ${name} ${version}`);
    await rename(join(folder, file), to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Unpacks into a new folder `name` below `parent`, without the archive's own outermost folder. */
export async function unpack(file: string, parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', file, '-C', folder, '--strip-components=1', '--no-same-owner']);
  return folder;
}
