import type { Json, Step } from '../core/plan.js';
import type { ProcessDefinition } from '../core/process-definition.js';
import type { Process, Release } from '../core/release.js';
import { bytecodeEnvironment } from '../ops/bytecode.js';
import { type Layout, OWNER_VARIABLE, releaseFiles, sockets, stateFiles } from './layout.js';

/** What the files of a release depend on, on every target that has a machine. */
export interface ReleasePlace {
  readonly layout: Layout;
  /** Path of the virtual environment. */
  readonly venv: string;
  /** Folder of the processes' temporary files, where the place does not give them one of their own. */
  readonly temp?: string;
  /** True where its processes may keep the bytecode of what they import. */
  readonly writesBytecode?: boolean;
}

type PlacedRelease = Release<ReleasePlace>;

/** Name of a process in files and programs: lower-case letters, digits, dashes and underscores. */
export const launchName = (process: Process): string => process.name.toLowerCase().replace(/[^a-z0-9_-]/g, '-');

const PRIVATE = 0o600;

const DESCRIPTORS = 8192;

/** The pins, as the runtime package reads them. */
export function pinsFile(
  release: Release<Pick<ReleasePlace, 'layout'>>,
  packages: readonly string[],
  host = 'local',
  mode = PRIVATE,
): Step {
  const files = releaseFiles(release.options.layout, release.version);
  const json: Json = {
    settings_module: release.settingsModule,
    packages: [...packages],
    root: files.source,
    pins: release.pins.map(({ name, op, value, type }) => ({ name, op, value, ...(type === undefined ? {} : { type }) })),
  };
  return {
    id: 'release.pins',
    title: 'settings to hold',
    stage: 'build',
    host,
    action: { kind: 'file', path: files.pins, content: { json }, mode },
  };
}

/** Working directory of every process of the release. */
export function workingDirectory(release: PlacedRelease): string {
  const { source } = releaseFiles(release.options.layout, release.version);
  return release.directory === '' ? source : `${source}/${release.directory}`;
}

/** The whole environment of the app's processes and of `exec`; secrets still by name. */
export function processEnvironment(release: PlacedRelease): { readonly [name: string]: Json } {
  const { options, version } = release;
  const files = releaseFiles(options.layout, version);
  return {
    LANG: 'C.UTF-8',
    HOME: stateFiles(options.layout).data,
    ...(options.temp === undefined ? {} : { TMPDIR: options.temp }),
    ...release.env,
    DJANGO_SETTINGS_MODULE: release.settingsModule,
    PATH: `${options.venv}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    VIRTUAL_ENV: options.venv,
    PYTHONUNBUFFERED: '1',
    ...bytecodeEnvironment(options.writesBytecode === true),
    SLIPWAY_PINS: files.pins,
    SLIPWAY_RELEASE: version,
    SLIPWAY_ENVIRONMENT: release.environment,
    SLIPWAY_APPLICATION: release.web.application,
    SLIPWAY_MIDDLEWARE: JSON.stringify(release.web.middleware),
    SLIPWAY_DRAIN: sockets(options.layout).drain(version),
    [OWNER_VARIABLE]: options.layout.state,
  };
}

/** How one process is started; what the launcher reads. */
export const processDefinition = (
  release: PlacedRelease,
  argv: readonly string[],
  env: { readonly [name: string]: Json } = {},
): ProcessDefinition => ({
  argv,
  cwd: workingDirectory(release),
  env: { ...processEnvironment(release), ...env },
  umask: 0o022,
  descriptors: DESCRIPTORS,
});

/** The file of one process. */
export function launchStep(
  release: PlacedRelease,
  name: string,
  argv: readonly string[],
  env: { readonly [name: string]: Json } = {},
  folder = releaseFiles(release.options.layout, release.version).launch,
): Step {
  const path = `${folder}/${name}.json`;
  const json: Json = { ...processDefinition(release, argv, env), argv: [...argv] };
  return {
    id: `${folder.split('/').at(-1)}.${name}`,
    title: `how ${name} starts`,
    stage: 'start',
    host: 'local',
    action: { kind: 'file', path, content: { json }, mode: PRIVATE },
  };
}

export const launchSteps = (release: PlacedRelease): Step[] =>
  release.processes.map((process: Process) => launchStep(release, launchName(process), process.argv));
