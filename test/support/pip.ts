import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A Python that has pip, in a cached environment of the tests' own: Debian's python3 has only what its own environments are made with.
 * For another interpreter: `-m pip --python=PATH …`.
 */
export function pipPython(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'slipway-test', 'pip');
  if (!existsSync(cache)) {
    mkdirSync(dirname(cache), { recursive: true });
    const aside = mkdtempSync(`${cache}-`);
    execFileSync('python3', ['-m', 'venv', aside]);
    // pip's own paths are found from the interpreter's place, so that the folder may be renamed.
    if (existsSync(cache)) rmSync(aside, { recursive: true });
    else renameSync(aside, cache);
  }
  return join(cache, 'bin/python');
}

/** The words that start pip for an interpreter: its own where it has one. */
export function pipFor(python: string): [string, ...string[]] {
  const own = spawnSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0;
  return own ? [python, '-m', 'pip'] : [pipPython(), '-m', 'pip', `--python=${pathOf(python)}`];
}

/** pip looks nothing up on the PATH. */
const pathOf = (program: string): string =>
  program.includes('/') ? program : execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program]).toString().trim();
