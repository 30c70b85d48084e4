import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pipEnvironment } from '../lab/pip-environment.js';
import type { Generator, PypiProject } from './projects.js';
import { archive, unpack } from './source.js';

const run = promisify(execFile);

/** The project as its user has it: the archive itself, or what the archive's generator makes. @returns the folder to bring up */
export async function layOut(project: PypiProject, parent: string): Promise<string> {
  const unpacked = await unpack(await archive(project), parent, project.name);
  return project.generator === undefined ? join(unpacked, project.below ?? '') : generate(project.generator, unpacked, parent);
}

async function generate({ needs, code, words, makes, files = {} }: Generator, unpacked: string, parent: string): Promise<string> {
  const python = join(await pipEnvironment(needs), 'python');
  const bin = join(parent, 'bin');
  await mkdir(bin);
  // The environment's own scripts name the folder that it was made in.
  await writeFile(join(bin, 'django-admin'), `#!/bin/sh\nexec '${python}' -m django "$@"\n`, { mode: 0o755 });
  await run(python, ['-c', code, ...words], {
    cwd: parent,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, PYTHONPATH: unpacked, PYTHONDONTWRITEBYTECODE: '1' },
    timeout: 120_000,
  });
  const made = join(parent, makes);
  for (const [path, content] of Object.entries(files)) await writeFile(join(made, path), content);
  return made;
}
