import { Failure } from '../core/failure.js';
import type { FrontendSpec } from './frontend.js';

export interface Manifest {
  readonly node?: string;
  readonly packageManager?: string;
  /** Scripts run at install, workspaces and files of the tree leave something outside node_modules, or link into the tree. */
  readonly selfContained: boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

export function readManifest(spec: FrontendSpec): Manifest {
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

export function demandNode(spec: FrontendSpec, manifest: Manifest): void {
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
/** It keeps its settings in pnpm-workspace.yaml, which older ones take for a list of packages. https://pnpm.io/settings */
const PNPM_WITH_SETTINGS = '10.34.8';
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
    const workspace = contentOf(spec, 'pnpm-workspace.yaml');
    const modern = format === '9' && workspace !== undefined && !/^packages\s*:/m.test(workspace);
    return ['npx', '--yes', `pnpm@${own ?? (modern ? PNPM_WITH_SETTINGS : (PNPM_FOR_LOCK[format] ?? PNPM_FOR_LOCK['9']))}`];
  }
  if (manager === 'bun') return ['npx', '--yes', `bun@${own ?? BUN}`];
  const berry = own === undefined ? /^__metadata:/m.test(contentOf(spec, 'yarn.lock') ?? '') : !own.startsWith('1.');
  return berry
    ? ['npx', '--yes', '--package', `@yarnpkg/cli-dist@${own ?? YARN_BERRY}`, '--', 'yarn']
    : ['npx', '--yes', `yarn@${own ?? YARN_CLASSIC}`];
}

/** The command as it can be started here. `npx` and other programs are left as they are. */
export function startable(spec: FrontendSpec, manifest: Manifest, argv: readonly string[]): readonly string[] {
  const [program, ...rest] = argv;
  if (program !== spec.frontend.manager.value || spec.tools.managers.includes(program)) return argv;
  return [...throughNpx(spec, manifest), ...rest];
}
