import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.js';
import { ROOT } from './slipway.js';

/**
 * `npm pack`, and `npm install` of what it made into a folder of its own.
 * @returns the folder of the installed package, and its command
 */
export async function installPackage(
  at: string,
): Promise<{ readonly folder: string; readonly slipway: string; readonly main: string }> {
  mkdirSync(at, { recursive: true });
  const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
  const packed = await runProgram(['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', at], { cwd: ROOT, env });
  assert.equal(packed.code, 0, packed.stderr);
  const [{ filename }] = JSON.parse(packed.stdout);
  const install = await runProgram(['npm', 'install', '--ignore-scripts', '--prefix', at, join(at, filename)], { cwd: at, env });
  assert.equal(install.code, 0, install.stderr);
  const folder = join(at, 'node_modules/slipway');
  return { folder, slipway: join(at, 'node_modules/.bin/slipway'), main: join(folder, 'dist/bin/slipway.js') };
}
