import type { Command, Env } from '../../core/command.js';
import { cmd } from '../../core/command.js';
import type { Warning } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import type { Dependencies } from '../../core/project.js';
import type { Fallback } from '../../ops/build-failure.js';
import { condaRequirements } from '../../ops/conda.js';
import { pdmExport } from '../../ops/pdm.js';
import { pipFor } from '../../ops/pip.js';
import { pipenvInstall, pipfileLockRequirements } from '../../ops/pipenv.js';
import { poetryExport } from '../../ops/poetry.js';
import { toolPaths } from '../../ops/toolbox.js';
import {
  environmentPython,
  type Installation,
  LIKE_PIP,
  uvCompiles,
  uvDeclared,
  uvInstall,
  uvRequirements,
  uvSync,
  uvVenv,
} from '../../ops/uv.js';

export type { Fallback };

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
    packages: `${folder}/packages.json`,
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
    [...from.inputs].sort((a, b) => (a.path < b.path ? -1 : 1)).map((input) => [input.path, digest(input.content)]),
    [...from.additions].sort(),
    from.runtimeHash,
    installsFromTree(wanted, from.inputs) ? from.sourceHash : '',
  ];
  return digest(JSON.stringify(parts)).slice(0, 20);
}

/** What is worth telling about the way the dependencies are declared. */
export const environmentWarnings = (spec: Pick<EnvironmentSpec, 'dependencies' | 'inputs' | 'fallback'>): readonly Warning[] => [
  ...(spec.dependencies.manager.value === 'conda'
    ? spec.inputs
        .filter((input) => /\.ya?ml$/.test(input.path))
        .flatMap((input) => condaRequirements(input.content, input.path).warnings)
    : []),
  ...(spec.fallback?.buildConstraints ?? []).map((bound) => ({
    code: 'old-build',
    message: `A dependency could not be built with today's tools and was built with ${bound}`,
    hint: 'Move to a newer version of it, one that comes as a wheel',
  })),
  ...(spec.fallback?.installer === 'pip'
    ? [
        {
          code: 'installed-by-pip',
          message: 'uv could not read the requirements or the metadata of a dependency; an older pip installed them',
        },
      ]
    : []),
];

type Draft = Pick<Step, 'title' | 'action'> & { readonly id: string; readonly additions?: boolean };

const PROJECT_FAILURE = {
  code: 'DEPENDENCIES_FAILED',
  kind: 'environment',
  message: "The project's dependencies could not be installed",
} as const;

const ADDITION_FAILURE = {
  code: 'ADDITIONS_FAILED',
  kind: 'project',
  message: 'What Slipway adds to the environment does not go with the versions the project has pinned',
  hint: 'Let the pin go, or add a version of the server that fits it to the requirements yourself',
} as const;

const run = (id: string, title: string, command: Command): Draft => ({ id, title, action: { kind: 'run', command } });

const file = (id: string, path: string, lines: string): Draft => ({
  id,
  title: path.split('/').at(-1) ?? path,
  action: { kind: 'file', path, content: lines, mode: 0o600 },
});

function installRequirements(spec: EnvironmentSpec, into: Installation, files: readonly string[], hashed: boolean): Draft[] {
  if (spec.fallback?.installer !== 'pip') return [run('install', 'dependencies', uvRequirements(into, files, hashed))];
  const constraint: Env = into.buildConstraints === undefined ? {} : { PIP_CONSTRAINT: into.buildConstraints };
  const argv = [
    environmentPython(into),
    '-m',
    'pip',
    '--disable-pip-version-check',
    'install',
    ...files.flatMap((name) => ['-r', name]),
  ];
  return [
    run('pip', 'pip', uvInstall(into, pipFor(into.version))),
    run('install', 'dependencies', { argv, cwd: into.cwd, env: { ...into.env, ...constraint }, timeoutSeconds: 3600 }),
  ];
}

function installText(spec: EnvironmentSpec, into: Installation, text: string): Draft[] {
  const path = `${into.folder}/requirements.txt`;
  return [
    file('requirements', path, text),
    ...installRequirements(spec, into, [path], /--hash=/.test(text) && !/ @ |^\.|^\//m.test(text)),
  ];
}

/** Exactly what was exported, whether or not it is consistent: the lock's own manager thought so. */
function installExport(into: Installation, exportTo: (output: string) => Command, installProject: boolean): Draft[] {
  const path = `${into.folder}/locked.txt`;
  return [
    run('export', 'lock file', exportTo(path)),
    run('install', 'dependencies', uvInstall(into, [...LIKE_PIP, '--no-deps', '-r', path])),
    ...(installProject ? [run('project', 'the project itself', uvInstall(into, ['--no-deps', '.']))] : []),
  ];
}

const at = (spec: EnvironmentSpec, path: string): string => `${spec.source}/${path}`;

function installDependencies(spec: EnvironmentSpec, into: Installation): Draft[] {
  const { dependencies: wanted, inputs } = spec;
  const [first = ''] = wanted.files;
  const content = inputs.find((input) => input.path === first)?.content ?? '';
  switch (wanted.manager.value) {
    case 'uv':
      return [run('install', 'dependencies', uvSync(into, wanted))];
    case 'poetry':
      return installExport(into, (output) => poetryExport(into, output, wanted), wanted.installProject);
    case 'pdm':
      return [
        ...installExport(into, (output) => pdmExport(into, output, wanted), wanted.installProject),
        // PDM remembers the Python it ran with, whatever it is told.
        { id: 'tidy', title: '.pdm-python', action: { kind: 'remove', path: `${into.cwd}/.pdm-python` } },
      ];
    case 'pipenv':
      if (first.endsWith('.lock')) return installText(spec, into, pipfileLockRequirements(content, first));
      return [run('install', 'dependencies', pipenvInstall(into))];
    case 'requirements': {
      const hashed = inputs.some((input) => /\s--hash=\w/.test(input.content) && /\.(txt|in)$/.test(input.path));
      const project = wanted.installProject ? [run('project', 'the project itself', uvInstall(into, ['--no-deps', '.']))] : [];
      return [
        ...installRequirements(
          spec,
          into,
          wanted.files.map((name) => at(spec, name)),
          hashed,
        ),
        ...project,
      ];
    }
    case 'pyproject':
    case 'setup.py':
      return [run('install', 'dependencies', uvDeclared(into, at(spec, first), wanted))];
    case 'conda':
      return installText(spec, into, `${condaRequirements(content, first).requirements.join('\n')}\n`);
    case 'none':
      return installText(spec, into, `${[...new Set(['django', ...wanted.guessed.map((guess) => guess.value)])].join('\n')}\n`);
  }
}

function installation(spec: EnvironmentSpec): Installation {
  const tools = toolPaths(spec.home);
  const { folder } = environmentPaths(spec.home, spec.key);
  const { directory } = spec.dependencies;
  return {
    folder,
    interpreter: spec.interpreter.path,
    version: spec.interpreter.version,
    uv: tools.uv,
    toolPython: tools.python,
    scripts: spec.scripts,
    cwd: directory === '' ? spec.source : at(spec, directory),
    env: spec.env,
    ...(spec.fallback?.uv === undefined ? {} : { uvVersion: spec.fallback.uv }),
    ...(spec.fallback?.buildConstraints === undefined ? {} : { buildConstraints: `${folder}/build-constraints.txt` }),
  };
}

/** True where uv did it all, and compiled it on the way. */
const compiled = (spec: EnvironmentSpec): boolean =>
  uvCompiles(spec.interpreter.version) &&
  spec.fallback?.installer !== 'pip' &&
  spec.dependencies.files[0]?.endsWith('Pipfile') !== true;

/** `python -m venv` put setuptools into every environment until Python 3.12, and many projects count on its `pkg_resources` without saying so. */
const LIKE_VENV = 'setuptools<81';
const seeded = (spec: EnvironmentSpec): boolean =>
  Number(spec.interpreter.version.split('.')[1] ?? 0) < 12 && !['uv', 'poetry', 'pdm'].includes(spec.dependencies.manager.value);

function drafts(spec: EnvironmentSpec): Draft[] {
  const into = installation(spec);
  const { projectPackages } = environmentPaths(spec.home, spec.key);
  const script = (...args: string[]): Command => ({
    ...cmd(environmentPython(into), '-I', `${spec.scripts}/environment.py`, ...args),
    timeoutSeconds: 600,
  });
  const bounds = spec.fallback?.buildConstraints;
  return [
    run('create', `Python ${spec.interpreter.version}`, uvVenv(into)),
    ...(bounds === undefined || into.buildConstraints === undefined
      ? []
      : [file('bounds', into.buildConstraints, `${bounds.join('\n')}\n`)]),
    ...(seeded(spec) ? [run('seed', 'setuptools', uvInstall(into, [LIKE_VENV]))] : []),
    ...installDependencies(spec, into),
    run('freeze', 'list of versions', script('freeze', projectPackages)),
    ...(spec.additions.length === 0
      ? []
      : [
          {
            ...run(
              'additions',
              spec.additions.join(', '),
              uvInstall(into, ['--constraints', projectPackages, ...spec.additions]),
            ),
            additions: true,
          },
        ]),
    run('finish', 'environment', script('finish', spec.runtime, ...(compiled(spec) ? [] : ['compile']))),
  ];
}

/**
 * Makes the environment, in a folder that its key names and that nothing changes afterwards. `.complete`, written last, makes it valid: while
 * that is absent every step runs again, the first of them on an empty folder. When it is there, each step is the same.
 *
 * @throws Failure LOCK_UNREADABLE (project)
 */
export function environmentSteps(spec: EnvironmentSpec): Step[] {
  const { folder, python } = environmentPaths(spec.home, spec.key);
  const check = { command: cmd('test', '-e', `${folder}/.complete`, '-a', '-x', python) };
  return drafts(spec).map(({ id, title, action, additions }) => ({
    id: `environment.${id}`,
    title,
    stage: 'build',
    host: spec.host,
    lane: 'environment',
    action: action.kind === 'run' ? { ...action, check } : action,
    failure: additions === true ? ADDITION_FAILURE : PROJECT_FAILURE,
  }));
}
