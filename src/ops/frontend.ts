import { demandNode, readManifest, startable } from './frontend-manifest.js';
import type { FrontendTools } from './frontend-tools.js';

export { lowestNode } from './frontend-manifest.js';
export { type FrontendTools, frontendQuery, parseFrontendTools } from './frontend-tools.js';

import type { Env } from '../core/command.js';
import { cmd } from '../core/command.js';
import type { Step } from '../core/plan.js';
import type { Frontend } from '../core/project.js';

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
  /** Packages that the build's own commands need and package.json lacks. */
  readonly packages?: readonly string[];
  /** The lock file does not fit package.json: the manager mends it in the copy. */
  readonly staleLock?: true;
}

export interface FrontendSteps {
  /** Packages and build. */
  readonly build: readonly Step[];
  /** Takes node_modules out of the release again: for after `collectstatic`, since some projects serve files from it. */
  readonly stow: readonly Step[];
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

const MENDING: Partial<Readonly<Record<Frontend['manager']['value'], string>>> = {
  pnpm: '--no-frozen-lockfile',
};

/** The installation, which refuses a lock file that does not fit unless it is known to. */
function installOf({ frontend: { install, manager }, fallback }: FrontendSpec): readonly string[] {
  if (fallback?.staleLock !== true) return install;
  const words = install.filter((word) => !/^--(frozen-lockfile|immutable|frozen)$/.test(word));
  const loose = MENDING[manager.value];
  return [
    ...words.map((word, index) => (index === 1 && word === 'ci' ? 'install' : word)),
    ...(loose === undefined ? [] : [loose]),
  ];
}

/** The name of the installed packages: 20 digits. */
const packagesKey = (spec: FrontendSpec): string =>
  spec
    .digest(
      JSON.stringify([
        spec.tools.node,
        spec.frontend.manager.value,
        spec.frontend.install,
        spec.fallback?.installArguments ?? [],
        spec.fallback?.packages ?? [],
        ...(spec.fallback?.staleLock === true ? ['stale'] : []),
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
  const installArgv = startable(spec, manifest, [...installOf(spec), ...(fallback?.installArguments ?? [])]);
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
  const extra = fallback?.packages ?? [];
  // Without its lock file npm would choose the versions of all the others anew.
  const locked = spec.inputs.some(({ path }) => path === 'package-lock.json' || path === 'npm-shrinkwrap.json');
  const lacking: Step = {
    ...install,
    id: id('lacking'),
    title: extra.join(' '),
    action: {
      kind: 'run',
      command: {
        argv: ['npm', 'install', '--no-save', ...(locked ? [] : ['--no-package-lock']), ...extra],
        cwd,
        env: { ...env, NODE_ENV: 'development' },
        timeoutSeconds: 3600,
      },
      check: { exists: mark },
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
      ...(hasInstall ? [install, ...(extra.length === 0 ? [] : [lacking]), marked] : []),
      ...builds,
    ],
    stow: cached
      ? [shell('keep', 'packages for the next release', KEEP, modules, `${kept}/node_modules`, kept)]
      : [{ ...base, id: id('drop'), title: 'packages removed', action: { kind: 'remove', path: modules } }],
  };
}
