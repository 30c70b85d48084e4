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
import type { App } from './app.js';

export interface Pythons {
  readonly interpreters: readonly Interpreter[];
  readonly system: PythonSystem;
}

/** Every interpreter of a machine. @param folder where uv keeps its own, in place of the user's */
export async function findPythons(host: Host, folder?: string): Promise<Pythons> {
  const { stdout } = await host.exec(interpreterQuery(folder));
  return { interpreters: parseInterpreters(stdout), system: parsePythonSystem(stdout) };
}

/** Steps that bring the tools; none when all that is wanted is there. */
export async function bringTools(
  { host, at, package: own, env }: Pick<App, 'host' | 'at' | 'package' | 'env'>,
  wanted: readonly EmbeddedTool[],
  pythons: () => Promise<Pythons>,
): Promise<Step[]> {
  const { home } = at;
  const paths = toolPaths(home);
  const folders = [`${paths.folder}/venv`, ...wanted.map((name) => `${paths.folder}/${name}`)];
  const whole = await Promise.all([
    isExecutable(host, paths.python),
    ...folders.map((folder) => host.exists(`${folder}/.complete`)),
  ]);
  if (!whole.includes(false)) return [];
  const { interpreters, system } = await pythons();
  const { path } = chooseToolboxPython(interpreters, system);
  return toolboxSteps(home, wanted, { host: host.name, python: path, scripts: own.tools, env: buildEnvironment(env) });
}

export const isExecutable = async (host: Host, path: string): Promise<boolean> =>
  (await host.exec({ argv: ['test', '-x', path] })).code === 0;

/** JSON of a file of our own; undefined where there is none or it is broken. */
export async function readJson(host: Host, path: string): Promise<unknown> {
  try {
    return JSON.parse((await host.read(path)) ?? '');
  } catch {
    return undefined;
  }
}
