import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../core/command.js';
import type { Reporter } from '../core/event.js';
import type { Host } from '../core/host.js';
import type { Step } from '../core/plan.js';
import type { Project } from '../core/project.js';
import type { PythonEnvironment } from '../core/release.js';
import { apply } from '../engine/apply.js';
import { reportStanding } from '../engine/standing.js';
import { buildEnvironment } from '../ops/pip.js';
import { absentPython, chooseInterpreter } from '../ops/python.js';
import { PACKAGES_FILE } from '../targets/environment-spec.js';
import {
  bytecodeStep,
  type EnvironmentSpec,
  environmentKey,
  environmentPaths,
  environmentSteps,
  environmentWarnings,
  type Fallback,
  type InputFile,
} from '../targets/local/environment.js';
import type { App } from './app.js';
import { runtimeHash } from './package-files.js';
import { markUsed } from './prune-home.js';
import { isExecutable, readJson } from './toolbox.js';
import type { BuildTooling } from './tooling.js';

export interface EnvironmentWish {
  readonly app: App;
  readonly project: Project;
  readonly additions: readonly string[];
  /** Hash of the whole tree. */
  readonly fingerprint: string;
  /** The release's copy of the source. */
  readonly source: string;
  /** Python the user asked for in slipway.yml. */
  readonly python?: string;
  /** What installers are told of further package indexes. */
  readonly indexes?: Env;
}

export interface MadeEnvironment {
  readonly python: PythonEnvironment;
  readonly spec: EnvironmentSpec;
  readonly steps: readonly Step[];
  /** What nothing waits for. */
  readonly bytecode: Step;
}

/** Which environment the release needs, and the steps that make it where it is not there yet. */
export async function planEnvironment(
  wish: EnvironmentWish,
  tooling: Pick<BuildTooling, 'pythons' | 'bringPython'>,
  fallback?: Fallback,
): Promise<MadeEnvironment> {
  const interpreter = await interpreterFor(wish, tooling);
  const inputs = await readInputs(wish.project);
  const { dependencies } = wish.project;
  const key = environmentKey(
    {
      scope: `${wish.app.key}/${wish.app.environment}`,
      interpreter,
      dependencies,
      inputs,
      additions: [...wish.additions, ...(fallback === undefined ? [] : [JSON.stringify(fallback)])],
      runtimeHash: runtimeHash(),
      sourceHash: wish.fingerprint,
    },
    sha256,
  );
  const spec: EnvironmentSpec = {
    host: wish.app.host.name,
    home: wish.app.at.home,
    key,
    interpreter,
    source: wish.source,
    dependencies,
    inputs,
    additions: wish.additions,
    runtime: wish.app.package.runtime,
    scripts: wish.app.package.tools,
    env: { ...buildEnvironment(wish.app.env), ...wish.indexes },
    ...(fallback === undefined ? {} : { fallback }),
  };
  return {
    python: { key, interpreter: interpreter.path, version: interpreter.version, additions: wish.additions },
    spec,
    steps: environmentSteps(spec),
    bytecode: bytecodeStep(spec, wish.app.writesBytecode ? 'likely' : 'all'),
  };
}

/** How many distributions the environment holds. */
export async function packageCount({ host, at }: App, key: string): Promise<number> {
  return Object.keys(await installedVersions(host, environmentPaths(at.home, key).folder)).length;
}

/** What an environment holds: versions by normalised name. @param folder the environment's own */
export async function installedVersions(host: Host, folder: string): Promise<Readonly<Record<string, string>>> {
  const list = await readJson(host, `${folder}/${PACKAGES_FILE}`);
  const entries = typeof list === 'object' && list !== null ? Object.entries(list) : [];
  return Object.fromEntries(entries.flatMap(([name, version]) => (typeof version === 'string' ? [[name, version]] : [])));
}

/** @param isStanding nothing of it is to be done: that was looked at */
export async function runEnvironment(
  made: MadeEnvironment,
  app: App,
  report: Reporter,
  signal: AbortSignal,
  isStanding = false,
): Promise<void> {
  await markUsed(environmentPaths(made.spec.home, made.spec.key).folder);
  if (isStanding) reportStanding(made.steps, report);
  else await apply(made.steps, () => app.host, report, signal);
}

export { environmentWarnings };

/** The Python that is wanted: the one that slipway.yml names, else what the project says. */
export const wishedPython = (project: Project, named: string | undefined): Project['python'] =>
  named === undefined
    ? project.python
    : { required: [{ value: `==${named}.*`, from: 'slipway.yml' }], preferred: { value: named, from: 'slipway.yml' } };

async function interpreterFor(
  wish: EnvironmentWish,
  tooling: Pick<BuildTooling, 'pythons' | 'bringPython'>,
): Promise<{ path: string; version: string }> {
  const wanted = wishedPython(wish.project, wish.python);
  const cache = join(wish.app.at.state, 'cache/interpreter.json');
  const asked = sha256(JSON.stringify(wanted));
  const known = await readJson(wish.app.host, cache);
  if (isChoice(known) && known.asked === asked && (await isExecutable(wish.app.host, known.path))) return known;
  const there = await tooling.pythons();
  const absent = tooling.bringPython === undefined ? undefined : absentPython(there.interpreters, wanted);
  const { interpreters, system } = absent === undefined ? there : ((await tooling.bringPython?.(absent)) ?? there);
  const { path, version } = chooseInterpreter(interpreters, wanted, system).value;
  await wish.app.host.write(cache, JSON.stringify({ asked, path, version }));
  return { path, version };
}

const isChoice = (value: unknown): value is { asked: string; path: string; version: string } =>
  typeof value === 'object' && value !== null && 'asked' in value && 'path' in value && 'version' in value;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The files that decide what is installed. */
export async function readInputs({ root, dependencies }: Project): Promise<InputFile[]> {
  const read = dependencies.inputs.map(async (path) => ({
    path,
    content: await readFile(join(root, path), 'utf8').catch(() => ''),
  }));
  return Promise.all(read);
}
