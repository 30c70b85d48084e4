import type { Command } from '../core/command.js';
import { cmd } from '../core/command.js';
import type { Warning } from '../core/failure.js';
import type { Step } from '../core/plan.js';
import { condaRequirements } from '../ops/conda.js';
import { ownVersions } from '../ops/own-versions.js';
import { plainRepositories, withPublished } from '../ops/requirement-lines.js';
import { type Installation, leftOutText, uvInstall, uvVenv } from '../ops/uv.js';

import { boundsOf, type Draft, file, inOneGo, installation, installDependencies, run } from './environment-install.js';
import { type EnvironmentSpec, environmentPaths } from './environment-spec.js';

export type { Fallback } from '../ops/build-failure.js';
export {
  type EnvironmentInputs,
  type EnvironmentPaths,
  type EnvironmentSpec,
  environmentKey,
  environmentPaths,
  type InputFile,
  installsFromTree,
} from './environment-spec.js';

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
  ...boundsOf(spec).map(({ value, from }) => ({
    code: 'unbounded-dependency',
    message: `${from} uses what the newest ${/^\w+/.exec(value)?.[0]} no longer has, and ${spec.dependencies.files[0]} sets no upper bound: ${value} is installed`,
    hint: `write ${value} into ${spec.dependencies.files[0]}`,
  })),
  ...(spec.fallback?.staleLock === true
    ? [
        {
          code: 'lock-stale',
          message: `${spec.dependencies.files[0]} is older than what it is for; what it says is installed all the same`,
          hint: 'Lock again and commit it: poetry lock',
        },
      ]
    : []),
  ...(spec.fallback?.installer === 'pip'
    ? [
        {
          code: 'installed-by-pip',
          message: 'uv could not read the requirements or the metadata of a dependency; an older pip installed them',
        },
      ]
    : []),
];

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

/** `python -m venv`, and virtualenv for Poetry, Pipenv and PDM, put setuptools into every environment until Python 3.12, and many projects count on its `pkg_resources` without saying so. */
const LIKE_VENV = 'setuptools<81';
const seeded = (spec: EnvironmentSpec): boolean =>
  Number(spec.interpreter.version.split('.')[1] ?? 0) < 12 && spec.dependencies.manager.value !== 'uv';

/** Requirements files of the copy, as the installer takes them, and with the package index in place of what cannot be reached. */
function rewrittenFiles({ fallback, inputs, source }: EnvironmentSpec): Draft[] {
  return inputs.flatMap(({ path, content }, index) => {
    if (!/\.(txt|in)$/.test(path)) return [];
    const text = plainRepositories(withPublished(content, fallback?.published ?? []));
    return text === content ? [] : [file(`requirements.${index}`, `${source}/${path}`, text)];
  });
}

/** What is left out of the project's own dependencies and comes as an addition is to be installed there. */
function withoutAdded({ leftOut, ...into }: Installation, additions: readonly string[]): Installation {
  const added = additions.map((requirement) => normalised(/^[\w.-]+/.exec(requirement)?.[0] ?? ''));
  const names = leftOut?.names.filter((name) => !added.includes(name)) ?? [];
  return names.length === 0 ? into : { ...into, leftOut: { file: `${into.folder}/left-out-of-all.txt`, names } };
}

const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

const leftOutFiles = (...installations: readonly Installation[]): Draft[] =>
  installations.flatMap(({ leftOut }) =>
    leftOut === undefined ? [] : [file('left-out', leftOut.file, leftOutText(leftOut.names))],
  );

function drafts(spec: EnvironmentSpec): Draft[] {
  const into = installation(spec);
  const { projectPackages } = environmentPaths(spec.home, spec.key);
  const script = (...args: string[]): Command => environmentScript(spec, ...args);
  const bounds = spec.fallback?.buildConstraints;
  const added = withoutAdded(into, spec.additions);
  return [
    run('create', `Python ${spec.interpreter.version}`, uvVenv(into)),
    ...(bounds === undefined || into.buildConstraints === undefined
      ? []
      : [file('bounds', into.buildConstraints, `${bounds.join('\n')}\n`)]),
    ...(into.bounds === undefined
      ? []
      : [
          file(
            'bounds-of-code',
            into.bounds,
            boundsOf(spec)
              .map(({ value }) => `${value}\n`)
              .join(''),
          ),
        ]),
    ...(into.ownVersions === undefined ? [] : [file('own-versions', into.ownVersions, versionsOf(spec))]),
    ...leftOutFiles(into, added),
    ...rewrittenFiles(spec),
    ...(seeded(spec) ? [run('seed', 'setuptools', uvInstall(into, [LIKE_VENV]))] : []),
    ...installDependencies(spec, into),
    ...(spec.additions.length === 0 || inOneGo(spec)
      ? []
      : [
          run('freeze', 'list of versions', script('freeze', projectPackages)),
          {
            ...run(
              'additions',
              spec.additions.join(', '),
              uvInstall(added, ['--constraints', projectPackages, ...spec.additions]),
            ),
            additions: true,
          },
        ]),
    run('finish', 'environment', script('finish', spec.runtime)),
  ];
}

const environmentScript = (spec: EnvironmentSpec, ...args: string[]): Command => ({
  ...cmd(environmentPaths(spec.home, spec.key).python, '-I', `${spec.scripts}/environment.py`, ...args),
  timeoutSeconds: 600,
});

/**
 * The bytecode of an environment, made beside other work. @param which all of it where the app may not write it where it runs; else only what
 * is likely to be imported, ahead of those that would otherwise make it as they come to it
 */
export function bytecodeStep(spec: EnvironmentSpec, which: 'all' | 'likely'): Step {
  const { folder } = environmentPaths(spec.home, spec.key);
  return {
    id: 'environment.bytecode',
    title: 'bytecode',
    stage: 'build',
    host: spec.host,
    lane: 'bytecode',
    action: {
      kind: 'run',
      command: environmentScript(spec, 'bytecode', which),
      check: { command: cmd('test', '-e', `${folder}/.bytecode`) },
    },
    failure: PROJECT_FAILURE,
  };
}

/**
 * Makes the environment, in a folder that its key names and that nothing but its bytecode changes afterwards. `.complete`, written last, makes it valid: while
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

/** A file that is taken up by another comes before what that one says itself; what is left out has no version. */
const versionsOf = ({ inputs, fallback }: EnvironmentSpec): string =>
  ownVersions(
    inputs
      .filter(({ path }) => /\.(txt|in|pip)$/.test(path))
      .map(({ content }) => content)
      .toReversed(),
  )
    .split('\n')
    .filter((line) => !(fallback?.without ?? []).includes(bareName(line)))
    .join('\n');

const bareName = (line: string): string => (/^[\w.-]+/.exec(line)?.[0] ?? '').toLowerCase().replace(/[-_.]+/g, '-');
