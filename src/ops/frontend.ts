import type { Command, Env } from '../core/command.js';
import { cmd } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { Step } from '../core/plan.js';
import type { Frontend } from '../core/project.js';

/** What a machine has for building front ends: version of Node, and which managers are on PATH. */
export interface FrontendTools {
  readonly node?: string;
  readonly managers: readonly string[];
}

const QUERY = `node --version 2>/dev/null || echo none; for name in npm npx yarn pnpm bun; do command -v "$name" >/dev/null 2>&1 && echo "$name"; done; exit 0`;

export const frontendQuery = (): Command => ({ ...cmd('sh', '-c', QUERY), timeoutSeconds: 20 });

export function parseFrontendTools(stdout: string): FrontendTools {
  const [version = '', ...managers] = stdout.trim().split('\n');
  return { managers, ...(version.startsWith('v') ? { node: version.slice(1) } : {}) };
}

/** Files to read for `FrontendSpec.inputs`, as far as they are there, beside package.json. */
export const FRONTEND_INPUTS: readonly string[] = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
];

/** The files of a front end that decide what its build is made with. */
export interface FrontendInput {
  /** Relative to the folder of package.json: `package.json`, `yarn.lock`, `.npmrc`, … */
  readonly path: string;
  readonly content: string;
}

export interface FrontendSpec {
  readonly host: string;
  /** Slipway's home on that host. */
  readonly home: string;
  /** Root of the release's copy of the source. */
  readonly source: string;
  readonly frontend: Frontend;
  /** 1 for the first of a project. */
  readonly number: number;
  readonly inputs: readonly FrontendInput[];
  readonly tools: FrontendTools;
  /** sha256 of a text, in hex. */
  readonly digest: (text: string) => string;
  /** For the build: PATH with the app's interpreter first, what the user gave with --env. */
  readonly env: Env;
  /** From `explainFrontendFailure`: added where a first try failed in a known way. */
  readonly fallback?: FrontendFallback;
}

export interface FrontendFallback {
  readonly env?: Env;
  readonly installArguments?: readonly string[];
}

export interface FrontendSteps {
  /** Packages and build. */
  readonly build: readonly Step[];
  /** Takes node_modules out of the release again: for after `collectstatic`, since some projects serve files from it. */
  readonly stow: readonly Step[];
}

interface Manifest {
  readonly node?: string;
  readonly packageManager?: string;
  /** Scripts run at install, workspaces and files of the tree leave something outside node_modules, or link into the tree. */
  readonly selfContained: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function readManifest(spec: FrontendSpec): Manifest {
  const path = `${spec.frontend.directory === '' ? '' : `${spec.frontend.directory}/`}package.json`;
  let manifest: unknown;
  try {
    manifest = JSON.parse(contentOf(spec, 'package.json') ?? '');
  } catch (error) {
    throw new Failure(
      'PACKAGE_JSON_INVALID',
      'project',
      `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        hint: `Mend it:  node -e "JSON.parse(require('fs').readFileSync('package.json','utf8'))"`,
      },
    );
  }
  if (!isRecord(manifest)) return { selfContained: true };
  const engines = isRecord(manifest['engines']) ? manifest['engines'] : {};
  const scripts = isRecord(manifest['scripts']) ? manifest['scripts'] : {};
  const packages = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) =>
    Object.values(isRecord(manifest[key]) ? manifest[key] : {}),
  );
  const outside = packages.some((version) => typeof version === 'string' && /^(file|link|portal|workspace):/.test(version));
  const lifecycle = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'].some((name) => name in scripts);
  return {
    selfContained: !outside && !lifecycle && manifest['workspaces'] === undefined,
    ...(typeof engines['node'] === 'string' ? { node: engines['node'] } : {}),
    ...(typeof manifest['packageManager'] === 'string' ? { packageManager: manifest['packageManager'] } : {}),
  };
}

const contentOf = (spec: FrontendSpec, path: string): string | undefined =>
  spec.inputs.find((input) => input.path === path)?.content;

/** The lowest major version an `engines` range allows: `>=18.12 <21`, `^20 || ^22`, `18.x`. Undefined where it cannot be told. */
export function lowestNode(range: string): number | undefined {
  const majors = range
    .split('||')
    .map((part) => /(?:^|\s)\s*(?:>=|\^|~|=|v)?\s*v?(\d+)/.exec(part.replace(/<=?\s*v?[\d.x]+/g, ''))?.[1]);
  return majors.some((major) => major === undefined) ? undefined : Math.min(...majors.map(Number));
}

function demandNode(spec: FrontendSpec, manifest: Manifest): void {
  const { frontend, tools } = spec;
  const where = `${frontend.directory === '' ? '' : `${frontend.directory}/`}package.json`;
  if (tools.node === undefined || !tools.managers.includes('npm')) {
    throw new Failure(
      'NODE_MISSING',
      'environment',
      `${where} builds what the project needs (${frontend.from}), and this machine has no Node.js with npm`,
      {
        hint: 'apt-get install -y nodejs npm',
      },
    );
  }
  const lowest = manifest.node === undefined ? undefined : lowestNode(manifest.node);
  if (lowest !== undefined && Number(tools.node.split('.')[0]) < lowest) {
    throw new Failure('NODE_TOO_OLD', 'environment', `${where} wants Node ${manifest.node}, and this machine has ${tools.node}`, {
      hint: `Install Node ${lowest} and put it first on the PATH:  https://nodejs.org/en/download`,
    });
  }
}

/** Fixed, so that the same tree is built by the same manager. The last of each line of pnpm that writes a lock file format. */
const PNPM_FOR_LOCK: Readonly<Record<string, string>> = { '5': '7.33.7', '6': '8.15.9', '9': '9.15.9' };
const YARN_CLASSIC = '1.22.22';
const YARN_BERRY = '4.9.1';
const BUN = '1.2.21';

/** How to start a manager that is not on PATH: through npx, in the version the project names, else in one that reads its lock file. */
function throughNpx(spec: FrontendSpec, manifest: Manifest): readonly string[] {
  const { value: manager } = spec.frontend.manager;
  const [, named, version] = /^(\w+)@([\w.-]+)/.exec(manifest.packageManager ?? '') ?? [];
  const own = named === manager ? version : undefined;
  if (manager === 'pnpm') {
    const format = /^lockfileVersion:\s*['"]?(\d+)/m.exec(contentOf(spec, 'pnpm-lock.yaml') ?? '')?.[1] ?? '9';
    return ['npx', '--yes', `pnpm@${own ?? PNPM_FOR_LOCK[format] ?? PNPM_FOR_LOCK['9']}`];
  }
  if (manager === 'bun') return ['npx', '--yes', `bun@${own ?? BUN}`];
  const berry = own === undefined ? /^__metadata:/m.test(contentOf(spec, 'yarn.lock') ?? '') : !own.startsWith('1.');
  return berry
    ? ['npx', '--yes', '--package', `@yarnpkg/cli-dist@${own ?? YARN_BERRY}`, '--', 'yarn']
    : ['npx', '--yes', `yarn@${own ?? YARN_CLASSIC}`];
}

/** The command as it can be started here. `npx` and other programs are left as they are. */
function startable(spec: FrontendSpec, manifest: Manifest, argv: readonly string[]): readonly string[] {
  const [program, ...rest] = argv;
  if (program !== spec.frontend.manager.value || spec.tools.managers.includes(program)) return argv;
  return [...throughNpx(spec, manifest), ...rest];
}

const QUIET: Env = {
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  npm_config_update_notifier: 'false',
  npm_config_fund: 'false',
  npm_config_audit: 'false',
  npm_config_progress: 'false',
  YARN_ENABLE_TELEMETRY: '0',
  NO_COLOR: '1',
};

/** Moved in and out as a whole: everything in it then lies where its makers think it does. `.cache` holds paths of the release that was. */
const TAKE = 'if [ -d "$1" ] && [ ! -e "$2" ]; then mv "$1" "$2"; fi';
const KEEP =
  'if [ -L "$1" ] || [ ! -d "$1" ]; then exit 0; fi; rm -rf "$1/.cache"; if [ -e "$2" ]; then rm -rf "$1"; else mkdir -p "$3" && mv "$1" "$2"; fi';

/** The name of the installed packages: 20 digits. */
const packagesKey = (spec: FrontendSpec): string =>
  spec
    .digest(
      JSON.stringify([
        spec.tools.node,
        spec.frontend.manager.value,
        spec.frontend.install,
        spec.fallback?.installArguments ?? [],
        [...spec.inputs].sort((a, b) => (a.path < b.path ? -1 : 1)).map((input) => [input.path, input.content]),
      ]),
    )
    .slice(0, 20);

/**
 * Installs a front end's packages and builds it, in the release's copy of the source. Packages are kept in `$home/frontends/<key>` and come
 * back without an installation as long as lock file, package.json and Node are the same.
 *
 * @throws Failure NODE_MISSING, NODE_TOO_OLD (environment), PACKAGE_JSON_INVALID (project)
 */
export function frontendSteps(spec: FrontendSpec): FrontendSteps {
  const manifest = readManifest(spec);
  demandNode(spec, manifest);
  const { frontend, number, fallback } = spec;
  const cwd = frontend.directory === '' ? spec.source : `${spec.source}/${frontend.directory}`;
  const modules = `${cwd}/node_modules`;
  const kept = `${spec.home}/frontends/${packagesKey(spec)}`;
  const mark = `${modules}/.slipway-${packagesKey(spec)}`;
  const base = { stage: 'build', host: spec.host, lane: 'frontend' } as const;
  const id = (name: string): string => `frontend.${number}.${name}`;
  const shell = (name: string, title: string, script: string, ...args: string[]): Step => ({
    ...base,
    id: id(name),
    title,
    action: { kind: 'run', command: cmd('sh', '-c', script, 'sh', ...args) },
  });
  const env = { ...QUIET, ...spec.env, ...fallback?.env };
  const installArgv = startable(spec, manifest, [...frontend.install, ...(fallback?.installArguments ?? [])]);
  const install: Step = {
    ...base,
    id: id('install'),
    title: frontend.install.join(' '),
    // What builds is usually a development dependency, which no manager installs under NODE_ENV=production.
    action: {
      kind: 'run',
      command: { argv: installArgv, cwd, env: { ...env, NODE_ENV: 'development' }, timeoutSeconds: 3600 },
      check: { exists: mark },
    },
    failure: {
      code: 'FRONTEND_INSTALL_FAILED',
      kind: 'environment',
      message: `The packages of ${frontend.directory || 'the front end'} could not be installed`,
    },
  };
  const marked: Step = {
    ...base,
    id: id('mark'),
    title: 'packages are whole',
    action: { kind: 'file', path: mark, content: '' },
  };
  const builds = frontend.build.map(
    (argv, index): Step => ({
      ...base,
      id: id(`build.${index + 1}`),
      title: argv.join(' '),
      action: {
        kind: 'run',
        command: { argv: startable(spec, manifest, argv), cwd, env: { ...env, NODE_ENV: 'production' }, timeoutSeconds: 3600 },
      },
      failure: {
        code: 'FRONTEND_BUILD_FAILED',
        kind: 'project',
        message: `${argv.join(' ')} failed in ${frontend.directory || 'the project'}`,
      },
    }),
  );
  const hasInstall = frontend.install.length > 0;
  const cached = hasInstall && manifest.selfContained;
  return {
    build: [
      ...(cached ? [shell('take', 'packages of an earlier release', TAKE, `${kept}/node_modules`, modules)] : []),
      ...(hasInstall ? [install, marked] : []),
      ...builds,
    ],
    stow: cached
      ? [shell('keep', 'packages for the next release', KEEP, modules, `${kept}/node_modules`, kept)]
      : [{ ...base, id: id('drop'), title: 'packages removed', action: { kind: 'remove', path: modules } }],
  };
}
