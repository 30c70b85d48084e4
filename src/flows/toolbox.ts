import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Host } from '../core/host.js';
import type { Step } from '../core/plan.js';
import {
  type Interpreter,
  interpreterQuery,
  type PythonSystem,
  parseInterpreters,
  parsePythonSystem,
} from '../ops/interpreters.js';
import { buildEnvironment } from '../ops/pip.js';
import { chooseToolboxPython, type EmbeddedTool, toolboxSteps, toolPaths } from '../ops/toolbox.js';
import { TOOLS } from './package-files.js';

export interface Pythons {
  readonly interpreters: readonly Interpreter[];
  readonly system: PythonSystem;
}

/** Every interpreter of this machine. */
export async function findPythons(host: Host): Promise<Pythons> {
  const { stdout } = await host.exec(interpreterQuery());
  return { interpreters: parseInterpreters(stdout), system: parsePythonSystem(stdout) };
}

/** Steps that bring the tools; none when all that is wanted is there. */
export async function bringTools(
  home: string,
  wanted: readonly EmbeddedTool[],
  pythons: () => Promise<Pythons>,
): Promise<Step[]> {
  const paths = toolPaths(home);
  const folders = [`${paths.folder}/venv`, ...wanted.map((name) => `${paths.folder}/${name}`)];
  if (isExecutable(paths.python) && folders.every((folder) => isThere(`${folder}/.complete`))) return [];
  const { interpreters, system } = await pythons();
  const { path } = chooseToolboxPython(interpreters, system);
  return toolboxSteps(home, wanted, { host: 'local', python: path, scripts: TOOLS, env: buildEnvironment(process.env) });
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** JSON of a file of our own; undefined where there is none or it is broken. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
