import type { Command, Env } from '../core/command.js';
import { cmd } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { Action, Step } from '../core/plan.js';
import type { Interpreter, PythonSystem } from './interpreters.js';
import { compareVersions, isPreRelease } from './pep440.js';
import { BROTLI, NGINX, type PinnedTool, POSTGRES, pinnedRequirements, SUPERVISOR, UV, VALKEY } from './toolbox-pins.js';

/** What is fetched only when the app needs it: the servers for machines that have none of their own. */
export type EmbeddedTool = 'nginx' | 'postgres' | 'valkey';

const ALWAYS: readonly PinnedTool[] = [UV, SUPERVISOR, BROTLI];

/** `program` as `toolbox.py` looks for it: a name, or `folder/name` for a folder of programs. */
const EMBEDDED: Readonly<Record<EmbeddedTool, { readonly pin: PinnedTool; readonly program: string }>> = {
  nginx: { pin: NGINX, program: 'nginx' },
  postgres: { pin: POSTGRES, program: 'bin/initdb' },
  valkey: { pin: VALKEY, program: 'valkey-server' },
};

/** Everything the toolbox's folder is named after. */
export const toolboxPins = (): string => pinnedRequirements([UV, SUPERVISOR, BROTLI, NGINX, POSTGRES, VALKEY]);

/** The first 12 digits of the sha256 of `toolboxPins()`; a test keeps it true. */
export const TOOLBOX_KEY = 'b3383d7edab2';

export interface ToolPaths {
  readonly folder: string;
  readonly python: string;
  readonly uv: string;
  readonly supervisord: string;
  readonly supervisorctl: string;
  /** The program; there once `toolboxSteps` was done with `nginx` wanted. */
  readonly nginx: string;
  /** The folder of initdb, postgres, pg_ctl, psql, pg_dump, …; likewise. */
  readonly postgres: string;
  /** The program valkey-server; likewise. */
  readonly valkey: string;
}

/** Where the tools are, given Slipway's home. Pure: whether they are there is for `toolboxSteps` to see to. */
export function toolPaths(home: string): ToolPaths {
  const folder = `${home}/tools/${TOOLBOX_KEY}`;
  const program = (name: string): string => `${folder}/venv/bin/${name}`;
  return {
    folder,
    python: program('python'),
    uv: program('uv'),
    supervisord: program('supervisord'),
    supervisorctl: program('supervisorctl'),
    nginx: `${folder}/nginx/run/nginx`,
    postgres: `${folder}/postgres/run/bin`,
    valkey: `${folder}/valkey/run/valkey-server`,
  };
}

const OLDEST = '3.8';

/**
 * The Python that the toolbox is made from: the system's own before pyenv's and others, because that one stays; the newest of several.
 *
 * @throws Failure VENV_MISSING (environment): there is a Python, but none with venv and pip, and no uv either.
 * @throws Failure PYTHON_MISSING (environment): there is none of 3.8 or newer.
 */
export function chooseToolboxPython(interpreters: readonly Interpreter[], system?: PythonSystem): Interpreter {
  const modern = interpreters.filter(
    (one) =>
      compareVersions(one.version, OLDEST) >= 0 &&
      one.implementation === 'cpython' &&
      !one.freeThreaded &&
      !isPreRelease(one.version),
  );
  const rank = (one: Interpreter): number => (one.path.startsWith('/usr/bin/') ? 0 : one.path.startsWith('/usr/local/') ? 1 : 2);
  const able = modern.filter((one) => one.venv || system?.uv === true);
  const [best] = able.sort((a, b) => rank(a) - rank(b) || compareVersions(b.version, a.version));
  if (best !== undefined) return best;
  const [first] = modern;
  if (first === undefined) {
    throw new Failure('PYTHON_MISSING', 'environment', `Slipway's own tools need Python ${OLDEST} or newer, and none was found`, {
      hint: 'apt-get install -y python3 python3-venv',
    });
  }
  throw new Failure(
    'VENV_MISSING',
    'environment',
    `${first.path} cannot make virtual environments: its modules venv and ensurepip are missing`,
    {
      hint: 'apt-get install -y python3-venv',
    },
  );
}

export interface ToolboxSpec {
  readonly host: string;
  /** The interpreter of `chooseToolboxPython`. */
  readonly python: string;
  /** The folder `python/slipway_tools` of this package, as the host sees it. */
  readonly scripts: string;
  /** From `buildEnvironment`. */
  readonly env: Env;
}

const FAILURE = {
  code: 'TOOLBOX_FAILED',
  kind: 'environment',
  message: 'Slipway could not install its own tools from the Python package index',
  hint: 'See whether this machine reaches the index: python3 -m pip download --no-deps uv',
} as const;

/** 0 where the folder is whole and the Python it was made from is still there, else 1. */
const isWhole = (folder: string, python?: string): Command =>
  cmd('test', '-e', `${folder}/.complete`, ...(python === undefined ? [] : ['-a', '-x', python]));

function install(spec: ToolboxSpec, name: string, title: string, argv: readonly string[], check: Command): Step {
  const command: Command = { argv, env: spec.env, timeoutSeconds: 1800 };
  return {
    id: `tools.${name}`,
    title,
    stage: 'build',
    host: spec.host,
    lane: 'environment',
    action: { kind: 'run', command, check: { command: check } },
    failure: FAILURE,
  };
}

function requirements(spec: ToolboxSpec, name: string, path: string, pins: readonly PinnedTool[]): Step {
  const action: Action = { kind: 'file', path, content: pinnedRequirements(pins) };
  return { id: `tools.${name}.pins`, title: `pins of ${name}`, stage: 'build', host: spec.host, lane: 'environment', action };
}

/**
 * Brings the tools: uv, supervisor and brotli in one virtual environment, each embedded server that is wanted in a folder of its own. All of
 * it by sha256 from the package index. When they are there, two `stat`s say so.
 */
export function toolboxSteps(home: string, wanted: readonly EmbeddedTool[], spec: ToolboxSpec): Step[] {
  const { folder, python, uv } = toolPaths(home);
  const script = `${spec.scripts}/toolbox.py`;
  const venv = `${folder}/venv`;
  const pins = `${folder}/venv.txt`;
  const base = [
    requirements(spec, 'venv', pins, ALWAYS),
    install(spec, 'venv', 'uv, supervisor, brotli', [spec.python, '-I', script, 'venv', venv, pins], isWhole(venv, python)),
  ];
  const embedded = [...new Set(wanted)].sort().flatMap((name) => {
    const { pin, program } = EMBEDDED[name];
    const own = `${folder}/${name}`;
    return [
      requirements(spec, name, `${own}.txt`, [pin]),
      install(
        spec,
        name,
        `${pin.name} ${pin.version}`,
        [spec.python, '-I', script, 'unpack', own, `${own}.txt`, uv, program],
        isWhole(own),
      ),
    ];
  });
  return [...base, ...embedded];
}
