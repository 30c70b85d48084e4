import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pipPython } from '../../support/pip.js';

const run = promisify(execFile);

/**
 * A virtual environment with these requirements, made once and kept for the next runs; the path of its bin folder.
 * Kept where every user may read it, because tests run servers as others too.
 */
export async function pipEnvironment(requirements: readonly string[], python = '/usr/bin/python3'): Promise<string> {
  const key = createHash('sha256')
    .update([python, ...requirements].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const root = join(tmpdir(), `slipway-tests-${process.getuid?.() ?? 0}`);
  const folder = join(root, key);
  if (existsSync(folder)) return join(folder, 'bin');
  await mkdir(root, { recursive: true, mode: 0o755 });
  await chmod(root, 0o755);
  const fresh = `${folder}.${process.pid}`;
  try {
    await run(python, ['-m', 'venv', '--without-pip', fresh]);
    await run(
      pipPython(),
      ['-m', 'pip', `--python=${join(fresh, 'bin/python')}`, 'install', '-q', '--no-compile', ...requirements],
      {
        timeout: 300_000,
      },
    );
    // Nobody looks at the scripts' first lines: everything is started by `python -m` or through the final path below.
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return join(folder, 'bin');
}

/** `3.13`: of the interpreter that environments are made from unless another is named. */
export const SYSTEM_PYTHON = execFileSync('/usr/bin/python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])
  .toString()
  .trim();
