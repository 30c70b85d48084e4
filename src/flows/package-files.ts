import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../hosts/package-root.js';
import type { Installed } from '../targets/local/paths.js';

/** Slipway's Python: what goes into every environment, and what its own tools run. */
export const RUNTIME = join(PACKAGE_ROOT, 'python/slipway_runtime');
export const TOOLS = join(PACKAGE_ROOT, 'python/slipway_tools');

/** Slipway's own Python code: folders, absolute. */
export interface OwnPython {
  readonly runtime: string;
  readonly tools: string;
}

/** As it lies on the machine that Slipway runs on. */
export const OWN_PYTHON: OwnPython = { runtime: RUNTIME, tools: TOOLS };

/** The folder that holds both. */
export const OWN_PYTHON_FOLDER = join(PACKAGE_ROOT, 'python');

export const VERSION = packageVersion();

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}

let hash: string | undefined;

/** Hash of the runtime package: an environment that holds another one is another environment. */
export function runtimeHash(): string {
  hash ??= hashFolder(RUNTIME);
  return hash;
}

/** Names what is in `OWN_PYTHON_FOLDER`. */
export const ownPythonHash = (): string => hashFolder(OWN_PYTHON_FOLDER).slice(0, 16);

/** Its files, relative. */
export const ownPythonFiles = (): readonly string[] => pythonIn(OWN_PYTHON_FOLDER);

function hashFolder(folder: string): string {
  const digest = createHash('sha256');
  for (const name of pythonIn(folder)) digest.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return digest.digest('hex');
}

const pythonIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py') && !name.includes('__pycache__'))
    .sort();

/** @param python that of the tools' environment; @param nginx the edge's program */
export const installed = (python: string, nginx: Installed['nginx'], own: OwnPython = OWN_PYTHON): Installed => ({
  python,
  tools: own.tools,
  launch: `${own.runtime}/launch.py`,
  nginx,
});
