import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipPython } from './pip.js';

const VERSION = '0.2.59';

/** gixy in a cached environment of its own, made once. */
function gixy(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'slipway-test', `gixy-ng-${VERSION}`);
  if (!existsSync(cache)) {
    mkdirSync(dirname(cache), { recursive: true });
    const aside = mkdtempSync(`${cache}-`);
    execFileSync(pipPython(), ['-m', 'pip', 'install', '-q', '--target', aside, `gixy-ng==${VERSION}`]);
    if (existsSync(cache)) rmSync(aside, { recursive: true });
    else renameSync(aside, cache);
  }
  return cache;
}

/** What gixy finds in a configuration, each by the name of its check. */
export function gixyFindings(file: string): string[] {
  const run = spawnSync(pipPython(), ['-m', 'gixy', '-f', 'json', file], { env: { ...process.env, PYTHONPATH: gixy() } });
  const found: unknown = JSON.parse(run.stdout.toString() || 'null');
  if (!Array.isArray(found)) throw new Error(`gixy said ${run.stdout}${run.stderr}`);
  return found.map((one: { plugin?: string }) => String(one.plugin));
}
