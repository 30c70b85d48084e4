import { type Command, cmd, type Env } from '../core/command.js';

/** A virtual environment that is being made, and what makes it. */
export interface Installation {
  /** Root of the virtual environment. */
  readonly folder: string;
  /** Absolute path of the interpreter it is made from. */
  readonly interpreter: string;
  /** `3.12.1` */
  readonly version: string;
  /** The toolbox's uv and Python. */
  readonly uv: string;
  readonly toolPython: string;
  /** The folder `python/slipway_tools` of this package. */
  readonly scripts: string;
  /** Where the project's files are read: the manager's folder in the copy of the source. */
  readonly cwd: string;
  readonly env: Env;
  /** The uv that the project demands (`==0.5.0`), where it is not that of the toolbox. */
  readonly uvVersion?: string;
  /** A requirements file that bounds what builds are built with. */
  readonly buildConstraints?: string;
  /** A requirements file that bounds what is installed. */
  readonly bounds?: string;
  /** A file of versions that win over what dependencies want. */
  readonly ownVersions?: string;
  /** Distributions that are left out, and the file of overrides that says so. */
  readonly leftOut?: { readonly file: string; readonly names: readonly string[] };
}

/** Nothing fetched behind the user's back, nothing drawn, the Python that was chosen; bytecode is made afterwards, beside other work. */
const UV_ENV: Env = { UV_PYTHON_DOWNLOADS: 'never', UV_NO_PROGRESS: '1', NO_COLOR: '1', UV_COMPILE_BYTECODE: '0' };

/** A large environment on a slow line. */
const TIMEOUT = 3600;

/** The toolbox's uv starts another uv, and must not read the project's settings itself: they refuse it. */
const otherUv = (version: string): string[] => ['--no-config', 'tool', 'run', '--quiet', '--from', `uv${version}`, 'uv'];

/** uv, told what pip is told on this machine. */
export function uv(into: Installation, args: readonly string[], env: Env = {}): Command {
  return {
    argv: [
      into.toolPython,
      '-I',
      `${into.scripts}/pip_settings.py`,
      into.uv,
      ...(into.uvVersion === undefined ? [] : otherUv(into.uvVersion)),
      ...args,
    ],
    cwd: into.cwd,
    env: { ...UV_ENV, ...into.env, ...env },
    timeoutSeconds: TIMEOUT,
  };
}

/** Where a host has the Pythons that uv brought, for `interpreterQuery` to find. @param home Slipway's, as the host sees it */
export const pythonsFolder = (home: string): string => `${home}/pythons`;

/**
 * Brings a Python of uv's own builds, into a folder of its own below `pythonsFolder`. Exits with 1 where uv knows none of that version, or its
 * builds cannot be reached. https://docs.astral.sh/uv/concepts/python-versions/#managed-and-system-python-installations
 * @param version `3.10`, or `3.10.2`
 */
export const uvBringsPython = (
  into: Pick<Installation, 'toolPython' | 'scripts' | 'uv'>,
  folder: string,
  version: string,
): Command => ({
  argv: [
    ...[into.toolPython, '-I', `${into.scripts}/pip_settings.py`, into.uv],
    ...['python', 'install', '--install-dir', folder, '--no-bin', version],
  ],
  cwd: '/',
  env: { ...UV_ENV, UV_PYTHON_DOWNLOADS: 'manual' },
  timeoutSeconds: 900,
});

/** 0 where `uvBringsPython` has brought it. */
export const pythonIsBrought = (folder: string, version: string): Command =>
  cmd(
    'sh',
    '-uc',
    'for one in "$1/cpython-$2"[.-]*/bin/python3; do [ -x "$one" ] && exit 0; done; exit 1',
    'sh',
    folder,
    version,
  );

export const environmentPython = (into: Installation): string => `${into.folder}/bin/python`;

/** Makes the empty environment; whatever was in the folder is gone. */
export const uvVenv = (into: Installation): Command =>
  uv(into, ['venv', '--clear', '--no-project', '--python', into.interpreter, into.folder]);

/** `uv pip install` into the environment. Editable entries are installed as they are now: the environment outlives the copy it is made from. */
export function uvInstall(into: Installation, args: readonly string[]): Command {
  const build = into.buildConstraints === undefined ? [] : ['--build-constraints', into.buildConstraints];
  const left = [into.ownVersions, into.leftOut?.file].flatMap((path) => (path === undefined ? [] : ['--overrides', path]));
  const bounds = into.bounds === undefined ? [] : ['--constraints', into.bounds];
  return uv(into, [
    'pip',
    'install',
    '--python',
    environmentPython(into),
    '--no-editable',
    ...build,
    ...bounds,
    ...left,
    ...args,
  ]);
}

/** An override with a marker that never holds leaves a distribution out. https://docs.astral.sh/uv/concepts/resolution/#dependency-overrides */
export const leftOutText = (names: readonly string[]): string => names.map((name) => `${name} ; python_version < "0"\n`).join('');

/** pip takes the best version any index has, and the project's files were written for pip. https://docs.astral.sh/uv/pip/compatibility/ */
export const LIKE_PIP: readonly string[] = ['--index-strategy', 'unsafe-best-match'];

/** `-r` for every file; hashes are demanded for all as soon as one has them, as pip does. @param more requirements beside the files */
export const uvRequirements = (
  into: Installation,
  files: readonly string[],
  hashed: boolean,
  more: readonly string[] = [],
): Command =>
  uvInstall(into, [...LIKE_PIP, ...(hashed ? ['--require-hashes'] : []), ...files.flatMap((file) => ['-r', file]), ...more]);

/** Exit 0 when there is a wheel of exactly this version for that Python; nothing is downloaded but the index. @param python `3.8` */
export const uvHasWheel = (
  into: Pick<Installation, 'toolPython' | 'scripts' | 'uv' | 'cwd' | 'env'>,
  requirement: string,
  python: string,
): Command => ({
  argv: [
    into.toolPython,
    '-I',
    `${into.scripts}/pip_settings.py`,
    into.uv,
    'pip',
    'compile',
    '--quiet',
    '--no-deps',
    '--no-header',
    '--only-binary',
    ':all:',
    '--python-version',
    python,
    '-',
  ],
  cwd: into.cwd,
  env: { ...UV_ENV, ...into.env },
  stdin: `${requirement}\n`,
  timeoutSeconds: 60,
});

export interface Groups {
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  readonly installProject: boolean;
}

/** Exactly what uv.lock says, for production. */
export const uvSync = (into: Installation, wanted: Groups): Command =>
  uv(
    into,
    [
      'sync',
      '--frozen',
      '--no-dev',
      // Groups that a developer's `uv sync` takes by itself, whatever they are called; the option is younger than some projects' uv.
      ...(into.uvVersion === undefined ? ['--no-default-groups'] : []),
      '--no-editable',
      ...(wanted.installProject ? [] : ['--no-install-project']),
      ...wanted.groups.flatMap((group) => ['--group', group]),
      ...wanted.extras.flatMap((extra) => ['--extra', extra]),
      ...(into.leftOut?.names ?? []).flatMap((name) => ['--no-install-package', name]),
      '--python',
      environmentPython(into),
    ],
    { UV_PROJECT_ENVIRONMENT: into.folder },
  );

/** What pyproject.toml, setup.py or setup.cfg declares; the project itself too where it must be installed. @param constraints a file */
export function uvDeclared(into: Installation, file: string, wanted: Groups, constraints?: string): Command {
  const held = constraints === undefined ? [] : ['--constraints', constraints];
  const groups = [...wanted.groups.flatMap((group) => ['--group', group]), ...held];
  if (wanted.installProject)
    return uvInstall(into, [`.${wanted.extras.length > 0 ? `[${wanted.extras.join(',')}]` : ''}`, ...groups]);
  return uvInstall(into, ['-r', file, ...wanted.extras.flatMap((extra) => ['--extra', extra]), ...groups]);
}

/** A Python program in an environment of its own that uv makes and keeps. `extra` are distributions it needs beside itself. */
export const uvTool = (
  into: Installation,
  distribution: string,
  extra: readonly string[],
  argv: readonly string[],
  env: Env,
): Command =>
  uv(
    into,
    [
      'tool',
      'run',
      '--quiet',
      '--python',
      into.toolPython,
      ...extra.flatMap((name) => ['--with', name]),
      '--from',
      distribution,
      ...argv,
    ],
    env,
  );
