import type { Env } from '../core/command.js';
import type { Dependencies } from '../core/project.js';
import type { Fallback } from '../ops/build-failure.js';

/** A file that decides what is installed. */
export interface InputFile {
  /** Relative to the project's root. */
  readonly path: string;
  readonly content: string;
}

export interface EnvironmentInputs {
  /** Whose environment it is, so that no two apps make one at the same time: the app and where it runs. */
  readonly scope: string;
  readonly interpreter: { readonly path: string; readonly version: string };
  readonly dependencies: Dependencies;
  /** Contents of `dependencies.inputs`. */
  readonly inputs: readonly InputFile[];
  readonly additions: readonly string[];
  /** Hash of the folder of Slipway's runtime package. */
  readonly runtimeHash: string;
  /** Hash of the whole source tree; matters only where code of the tree itself is installed. */
  readonly sourceHash: string;
}

export interface EnvironmentSpec {
  readonly host: string;
  /** Slipway's home on that host. */
  readonly home: string;
  readonly key: string;
  readonly interpreter: { readonly path: string; readonly version: string };
  /** The copy of the source tree: never the user's own. Absolute. */
  readonly source: string;
  readonly dependencies: Dependencies;
  readonly inputs: readonly InputFile[];
  readonly additions: readonly string[];
  /** The folders `python/slipway_runtime` and `python/slipway_tools` of this package, as the host sees them. */
  readonly runtime: string;
  readonly scripts: string;
  /** From `buildEnvironment`. */
  readonly env: Env;
  readonly fallback?: Fallback;
}

/** In an environment's own folder. */
export const PACKAGES_FILE = 'packages.json';

export interface EnvironmentPaths {
  readonly folder: string;
  readonly bin: string;
  readonly python: string;
  /** JSON object of PEP 503 names to versions: everything installed. */
  readonly packages: string;
  /** `name==version` lines: what the project itself brought, before Slipway's additions. */
  readonly projectPackages: string;
}

export function environmentPaths(home: string, key: string): EnvironmentPaths {
  const folder = `${home}/environments/${key}`;
  return {
    folder,
    bin: `${folder}/bin`,
    python: `${folder}/bin/python`,
    packages: `${folder}/${PACKAGES_FILE}`,
    projectPackages: `${folder}/project.txt`,
  };
}

const LOCAL_PATH = /^\s*(-e|--editable)[\s=]+(?!\w+\+)|^\s*(\.\.?(\/|\[|\s|$)|file:)|@\s*file:/m;

/** True where code of the tree itself ends up in the environment, so that the environment cannot outlive a change of it. */
export const installsFromTree = (dependencies: Dependencies, inputs: readonly InputFile[]): boolean =>
  dependencies.installProject ||
  inputs.some((input) => (/\.(txt|in)$/.test(input.path) ? LOCAL_PATH.test(input.content) : false)) ||
  inputs.some(
    (input) =>
      /(Pipfile|poetry|pdm|uv)\.lock$/.test(input.path) &&
      /["']?(path|editable|directory|virtual)["']?\s*[:=]\s*["'](?!\.["'])/.test(input.content),
  );

/**
 * The name of the environment these inputs make: 20 digits. The same inputs make the same environment.
 *
 * @param digest sha256 of a text, in hex.
 */
export function environmentKey(from: EnvironmentInputs, digest: (text: string) => string): string {
  const { dependencies: wanted } = from;
  const parts = [
    from.scope,
    from.interpreter.path,
    from.interpreter.version,
    wanted.manager.value,
    wanted.directory,
    wanted.files,
    wanted.groups,
    wanted.extras,
    wanted.installProject,
    wanted.guessed.map((guess) => guess.value),
    ...(wanted.bounds === undefined ? [] : [wanted.bounds.map((bound) => bound.value)]),
    [...from.inputs].sort((a, b) => (a.path < b.path ? -1 : 1)).map((input) => [input.path, digest(input.content)]),
    [...from.additions].sort(),
    from.runtimeHash,
    installsFromTree(wanted, from.inputs) ? from.sourceHash : '',
  ];
  return digest(JSON.stringify(parts)).slice(0, 20);
}
