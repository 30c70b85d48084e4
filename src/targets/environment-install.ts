import type { Command, Env } from '../core/command.js';
import type { Step } from '../core/plan.js';
import { condaRequirements } from '../ops/conda.js';
import { namedManifest } from '../ops/nameless-manifest.js';
import { isExportable, pdmConstraints, pdmExport } from '../ops/pdm.js';
import { pipFor } from '../ops/pip.js';
import { pipenvInstall, pipfileLockRequirements } from '../ops/pipenv.js';
import { poetryExport, poetryTakeLock } from '../ops/poetry.js';
import { toolPaths } from '../ops/toolbox.js';
import { environmentPython, type Installation, LIKE_PIP, uvDeclared, uvInstall, uvRequirements, uvSync } from '../ops/uv.js';
import { type EnvironmentSpec, environmentPaths } from './environment-spec.js';

/** A step before it is given its place. */
export type Draft = Pick<Step, 'title' | 'action'> & { readonly id: string; readonly additions?: boolean };

/** A command as a draft. */
export const run = (id: string, title: string, command: Command): Draft => ({ id, title, action: { kind: 'run', command } });

/** A file that only its owner reads: addresses of indexes may hold passwords. */
export const file = (id: string, path: string, lines: string): Draft => ({
  id,
  title: path.split('/').at(-1) ?? path,
  action: { kind: 'file', path, content: lines, mode: 0o600 },
});

const isHashed = (inputs: EnvironmentSpec['inputs']): boolean =>
  inputs.some(({ path, content }) => /\s--hash=\w/.test(content) && /\.(txt|in)$/.test(path));

/**
 * True where what is added is installed together with what the project wants, which is quicker. A resolver keeps to the versions that are
 * pinned; with a lock there is nothing to resolve. Where it does not go, it is found out apart (`fallback`) whose fault that is.
 */
export const inOneGo = ({ dependencies: { manager }, fallback, inputs, additions }: EnvironmentSpec): boolean =>
  fallback === undefined &&
  additions.length > 0 &&
  (manager.value === 'none' || (manager.value === 'requirements' && !isHashed(inputs)));

function installRequirements(spec: EnvironmentSpec, into: Installation, files: readonly string[], hashed: boolean): Draft[] {
  const more = inOneGo(spec) ? spec.additions : [];
  if (spec.fallback?.installer !== 'pip')
    return [run('install', ['dependencies', ...more].join(', '), uvRequirements(into, files, hashed, more))];
  const constraint: Env = into.buildConstraints === undefined ? {} : { PIP_CONSTRAINT: into.buildConstraints };
  const bounds = into.bounds === undefined ? [] : ['-c', into.bounds];
  const argv = [
    environmentPython(into),
    '-m',
    'pip',
    '--disable-pip-version-check',
    'install',
    ...files.flatMap((name) => ['-r', name]),
    ...bounds,
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

/** What the manifest beside the lock declares, at the versions of the lock. */
function installConstrained(spec: EnvironmentSpec, into: Installation, constraints: string): Draft[] {
  const path = `${into.folder}/constraints.txt`;
  const manifest = `${into.cwd}/pyproject.toml`;
  return [
    file('constraints', path, constraints),
    run('install', 'dependencies', uvDeclared(into, manifest, spec.dependencies, path)),
  ];
}

/** Exactly what was exported, whether or not it is consistent: the lock's own manager thought so. */
function installExport(
  into: Installation,
  exportTo: (output: string) => Command,
  installProject: boolean,
  before: readonly Draft[] = [],
): Draft[] {
  const path = `${into.folder}/locked.txt`;
  return [
    ...before,
    run('export', 'lock file', exportTo(path)),
    run('install', 'dependencies', uvInstall(into, [...LIKE_PIP, '--no-deps', '-r', path])),
    ...(installProject ? [run('project', 'the project itself', uvInstall(into, ['--no-deps', '.']))] : []),
  ];
}

/** What comes first is chosen first: the newest of each library, and then a Django that they go with, rather than the other way round. */
function guessedLines(guessed: readonly string[]): string[] {
  const isDjango = (name: string): boolean => /^django(?![\w.-])/i.test(name);
  return [...guessed.filter((name) => !isDjango(name)), guessed.find(isDjango) ?? 'Django'];
}

const at = (spec: EnvironmentSpec, path: string): string => `${spec.source}/${path}`;

/** Tools that ask the repository for the version of what they build. The copy is no repository, and all of them then read what a published source says. */
const ASKS_REPOSITORY = /versioningit|setuptools[_-]scm|hatch-vcs|vcs-versioning|\bpbr\b/;

function versionOfCopy(spec: EnvironmentSpec, into: Installation): Draft[] {
  if (
    !spec.dependencies.installProject ||
    !spec.inputs.some(
      ({ path, content }) => /(^|\/)(pyproject\.toml|setup\.(cfg|py))$/.test(path) && ASKS_REPOSITORY.test(content),
    )
  )
    return [];
  const declared = spec.inputs.flatMap(({ path, content }) =>
    path.endsWith('pyproject.toml') ? (/^\s*name\s*=\s*["']([\w.-]+)["']/m.exec(content)?.[1] ?? []) : [],
  )[0];
  return [file('version', `${into.cwd}/PKG-INFO`, `Metadata-Version: 2.1\nName: ${declared ?? 'app'}\nVersion: 0.0.0\n`)];
}

/** Manifests of the release's copy that installers refuse for an empty name. */
const namesOfCopy = (spec: EnvironmentSpec): Draft[] =>
  spec.inputs.flatMap(({ path, content }) => {
    const named = path.endsWith('pyproject.toml') ? namedManifest(content) : undefined;
    return named === undefined ? [] : [file(`named.${path}`, at(spec, path), named)];
  });

/** What installs the project's own dependencies, by its own manager's lock where there is one. */
export function installDependencies(spec: EnvironmentSpec, into: Installation): Draft[] {
  return [...namesOfCopy(spec), ...versionOfCopy(spec, into), ...installBy(spec, into)];
}

function installBy(spec: EnvironmentSpec, into: Installation): Draft[] {
  const { dependencies: wanted, inputs } = spec;
  const [first = ''] = wanted.files;
  const content = inputs.find((input) => input.path === first)?.content ?? '';
  switch (wanted.manager.value) {
    case 'uv':
      if (first.endsWith('.lock')) return [run('install', 'dependencies', uvSync(into, wanted))];
      // Groups alone, and no lock: https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-groups
      return [
        run(
          'install',
          'dependencies',
          uvInstall(
            into,
            wanted.groups.flatMap((group) => ['--group', group]),
          ),
        ),
      ];
    case 'poetry':
      return installExport(
        into,
        (output) => poetryExport(into, output, wanted),
        wanted.installProject,
        spec.fallback?.staleLock === true ? [run('lock', 'stale lock file', poetryTakeLock(into))] : [],
      );
    case 'pdm':
      if (!isExportable(content)) return installConstrained(spec, into, pdmConstraints(content));
      return [
        ...installExport(into, (output) => pdmExport(into, output, wanted), wanted.installProject),
        // PDM remembers the Python it ran with, whatever it is told.
        { id: 'tidy', title: '.pdm-python', action: { kind: 'remove', path: `${into.cwd}/.pdm-python` } },
      ];
    case 'pipenv':
      if (first.endsWith('.lock')) return installText(spec, into, pipfileLockRequirements(content, first));
      return [run('install', 'dependencies', pipenvInstall(into))];
    case 'requirements': {
      const project = wanted.installProject ? [run('project', 'the project itself', uvInstall(into, ['--no-deps', '.']))] : [];
      return [
        ...installRequirements(
          spec,
          into,
          wanted.files.map((name) => at(spec, name)),
          isHashed(inputs),
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
      return installText(spec, into, `${guessedLines(wanted.guessed.map(({ value }) => value)).join('\n')}\n`);
  }
}

/** Bounds that the code sets, unless they contradict what is declared. */
export const boundsOf = ({ dependencies, fallback }: Pick<EnvironmentSpec, 'dependencies' | 'fallback'>) =>
  fallback?.unbounded === true ? [] : (dependencies.bounds ?? []);

/** Where it is installed, and with what. */
export function installation(spec: EnvironmentSpec): Installation {
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
    ...(boundsOf(spec).length === 0 ? {} : { bounds: `${folder}/bounds-of-code.txt` }),
    ...(spec.fallback?.ownVersions === undefined ? {} : { ownVersions: `${folder}/own-versions.txt` }),
    ...(spec.fallback?.without === undefined
      ? {}
      : { leftOut: { file: `${folder}/left-out.txt`, names: spec.fallback.without } }),
    ...(spec.fallback?.buildConstraints === undefined ? {} : { buildConstraints: `${folder}/build-constraints.txt` }),
  };
}
