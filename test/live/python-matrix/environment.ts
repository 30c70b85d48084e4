import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './run.js';

const RUNTIME = join(import.meta.dirname, '..', '..', '..', '..', 'python');
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? tmpdir(), 'slipway-tests', 'venvs');
const making = new Map<string, Promise<string>>();

/** The newest interpreter of Python `minor` ("3.12") among pyenv's versions, or null. */
export function interpreter(minor: string): string | null {
  const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${minor}.`)) : [];
  const newest = names.sort((a, b) => Number(a.split('.')[2]) - Number(b.split('.')[2])).at(-1);
  return newest === undefined ? null : join(folder, newest, 'bin', 'python');
}

/** A virtual environment with `requirements` from PyPI and the runtime as releases have it; kept from one run to the next. */
export async function environment(python: string, requirements: readonly string[]): Promise<string> {
  const key = createHash('sha256')
    .update([python, ...requirements].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const venv = join(CACHE, key);
  const made = making.get(venv) ?? make(python, venv, requirements);
  making.set(venv, made);
  await made;
  return venv;
}

async function make(python: string, venv: string, requirements: readonly string[]): Promise<string> {
  if (!existsSync(join(venv, 'made'))) {
    rmSync(venv, { recursive: true, force: true });
    mkdirSync(CACHE, { recursive: true });
    await succeed([python, '-m', 'venv', venv]);
    // TLS settings of the machine's pip (a proxy's certificate) reach pip through its own configuration files.
    await succeed([join(venv, 'bin', 'python'), '-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...requirements]);
    writeFileSync(join(venv, 'made'), requirements.join('\n'));
  }
  installRuntime(venv);
  return venv;
}

async function succeed(argv: readonly [string, ...string[]]): Promise<void> {
  const done = await run(argv, { env: { HOME: homedir(), PIP_NO_INPUT: '1' } });
  assert.equal(done.code, 0, `${argv.join(' ')}\n${done.stdout}${done.stderr}`);
}

function installRuntime(venv: string): void {
  const lib = join(venv, 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('python'));
  assert.ok(version !== undefined);
  const packages = join(lib, version, 'site-packages');
  const fresh = join(packages, `.slipway-${process.pid}`);
  const notCaches = (path: string) => basename(path) !== '__pycache__';
  cpSync(join(RUNTIME, 'slipway_runtime'), fresh, { recursive: true, filter: notCaches });
  rmSync(join(packages, 'slipway_runtime'), { recursive: true, force: true });
  renameSync(fresh, join(packages, 'slipway_runtime'));
  cpSync(join(RUNTIME, 'slipway.pth'), join(packages, 'slipway.pth'));
}
