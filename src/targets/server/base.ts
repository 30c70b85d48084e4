import type { Step } from '../../core/plan.js';
import { installPackages, packagesInstalled } from '../../ops/apt.js';
import { createUser, userIsThere } from '../../ops/users.js';
import { type FolderLine, tmpfilesConf } from '../../templates/tmpfiles.js';
import { edgeTokenStep } from './edge-token.js';
import { EDGE_UNITS } from './edge-unit.js';
import { EDGE_USER, edgeLogs, serverFiles, stateFiles } from './layout.js';
import type { ServerHost, ServerOptions } from './options.js';
import { hostTool } from './options.js';
import { stepsOn } from './step.js';

/** Who builds: owns environments and tools, and a release while it is made. */
export const BUILDER = 'slipway';

export interface BaseSpec {
  readonly host: ServerHost;
  readonly options: Pick<ServerOptions, 'layout' | 'key' | 'user' | 'edge'>;
  /** Debian names of everything the app and its services need beside `EDGE_PACKAGES`; only what is missing is installed. */
  readonly packages: readonly string[];
}

/** Where neither nginx nor Apache was there before, this file says that the front server is Slipway's to configure. */
export const EDGE_IS_OURS = '/etc/slipway/edge';

const EDGE_PROGRAMS = { nginx: '/usr/sbin/nginx', apache: '/usr/sbin/apache2' } as const;

/** What every host has before anything else: packages, the users who build and who run the app, and folders. */
export const baseSteps = (spec: BaseSpec): Step[] => [...basePackageSteps(spec), ...baseFolderSteps(spec)];

/** The first part: whose the front server is, and packages. */
export const basePackageSteps = ({ host, packages }: BaseSpec): Step[] => [
  ...(host.roles.includes('web') ? [oursStep(host, 'base.edge', EDGE_IS_OURS, Object.values(EDGE_PROGRAMS))] : []),
  packageStep(host, 'base.packages', [...new Set(packages)].sort()),
];

/** The rest. Slipway's own Python files (`ServerHost.package`) must be there already. */
export function baseFolderSteps({ host, options }: BaseSpec): Step[] {
  const { key, user } = options;
  const step = stepsOn(host.name, 'prepare');
  const folders = foldersOf(options, host);
  const conf = `/etc/tmpfiles.d/${key}.conf`;
  const home = stateFiles(options.layout).data;
  return [
    ...[
      { name: BUILDER, home: `${options.layout.home}/build`, what: 'Slipway, builds releases' },
      { name: user, home, what: `Slipway, app ${key}` },
    ].map((wish) =>
      step(
        `base.user.${wish.name}`,
        `user ${wish.name}`,
        { kind: 'run', command: createUser(wish), check: { command: userIsThere(wish) } },
        {
          code: 'USER_TAKEN',
          kind: 'conflict',
          message: `${host.name} has a user ${wish.name} that is not Slipway's`,
          hint: `ssh ${host.name} getent passwd ${wish.name}   # or give the app another name: app: in slipway.yml`,
        },
      ),
    ),
    step('base.folders-file', 'which folders there are', { kind: 'file', path: conf, content: tmpfilesConf(folders) }),
    step('base.folders', 'folders and whose they are', {
      kind: 'run',
      command: { argv: ['systemd-tmpfiles', '--create', conf], timeoutSeconds: 60 },
      check: { command: foldersCheck(host, folders) },
    }),
    ...(host.roles.includes('web') ? [edgeTokenStep('base.edge-token', options, host)] : []),
  ];
}

/** Remembers, before a package is installed, that its program was not there: what an administrator has set up is left alone. */
export const oursStep = (host: ServerHost, id: string, mark: string, programs: readonly string[]): Step =>
  stepsOn(host.name, 'prepare')(id, 'whose it is', {
    kind: 'run',
    command: { argv: ['install', '-D', '-m', '0644', '/dev/null', mark] },
    check: {
      command: { argv: ['sh', '-uc', 'for path; do [ ! -e "$path" ] || exit 0; done; exit 1', 'sh', ...programs, mark] },
    },
  });

/**
 * Keeps a front server from being started by its package, as root and with Debian's own site: it starts when it is confined and has its
 * configuration (`edge_config.py`). Only where it is Slipway's and not there yet; a restart of the machine forgets it.
 */
export function edgeHeldStep(host: ServerHost, edge: ServerOptions['edge']): Step {
  const folder = (root: string): string => `${root}/systemd/system/${EDGE_UNITS[edge]}.d`;
  const held = `${folder('/run')}/slipway-held.conf`;
  const text = `# Written by Slipway for its first start.\n[Unit]\nConditionPathExists=${folder('/etc')}/slipway.conf\n`;
  // For a plan too, before it is said whose the front server is.
  const check = `held="$1"; unit="$2"; ours="$3"; shift 3
[ ! -e "$held" ] && [ ! -e "$unit" ] || exit 0
[ ! -e "$ours" ] || exit 1
for path; do [ ! -e "$path" ] || exit 0; done
exit 1`;
  const paths = [held, `/lib/systemd/system/${EDGE_UNITS[edge]}`, EDGE_IS_OURS, ...Object.values(EDGE_PROGRAMS)];
  return stepsOn(host.name, 'prepare')('edge.held', `${edge} waits for its configuration`, {
    kind: 'run',
    command: { argv: ['sh', '-euc', `mkdir -p "\${1%/*}"; printf %s "$2" >"$1"`, 'sh', held, text] },
    check: { command: { argv: ['sh', '-uc', check, 'sh', ...paths] } },
  });
}

/** Packages, where some of them are missing. */
export const packageStep = (host: ServerHost, id: string, packages: readonly string[]): Step =>
  stepsOn(host.name, 'prepare')(
    id,
    packages.length === 1 ? `package ${packages[0]}` : `${packages.length} packages`,
    { kind: 'run', command: installPackages(packages), check: { command: packagesInstalled(packages) } },
    {
      code: 'PACKAGES_FAILED',
      kind: 'environment',
      message: `apt could not install what the app needs on ${host.name}`,
      hint: `ssh ${host.name} sudo apt-get update   # then try again`,
    },
  );

const foldersCheck = (host: ServerHost, folders: readonly FolderLine[]) => ({
  argv: [host.python, '-I', '-S', hostTool(host, 'folders.py')],
  stdin: JSON.stringify(folders),
  timeoutSeconds: 30,
});

/** Who may enter what: code and configuration are root's, data and sockets the app's, and the edge sees uploads and sockets alone. */
function foldersOf({ layout, user, edge: program }: BaseSpec['options'], host: ServerHost): FolderLine[] {
  const state = stateFiles(layout);
  const server = serverFiles(layout);
  const root = (path: string, mode: string, group = 'root'): FolderLine => ({ path, mode, user: 'root', group });
  const web = host.roles.includes('web');
  const edge = (folder: FolderLine, ...acl: string[]): FolderLine => (web ? { ...folder, acl } : folder);
  const builders = ['build', 'environments', 'frontends', 'pythons', 'tools'].map(
    (name): FolderLine => ({
      path: `${layout.home}/${name}`,
      // Caches of installers hold files that everybody may write.
      mode: name === 'build' ? '0700' : '0755',
      user: BUILDER,
      group: BUILDER,
    }),
  );
  return [
    root(layout.home, '0755'),
    root(`${layout.home}/package`, '0755'),
    ...builders,
    root(layout.state, '0751', user),
    // What is made below them belongs to the app's group, which may read it.
    root(state.releases, '2755', user),
    { path: state.statics, mode: '0755', user: BUILDER, group: BUILDER },
    // Where another host builds, nobody but the edge would look for it.
    { path: state.keptStatic, mode: '0755', user: BUILDER, group: BUILDER },
    // What it has found out about the project.
    { path: `${layout.state}/cache`, mode: '0750', user: BUILDER, group: BUILDER },
    root(state.edge, '0751'),
    root(server.edgeNext, '0700'),
    root(server.acme, '0755'),
    root(server.secrets, '0700'),
    root(state.logs, '0751', user),
    { path: `${state.logs}/app`, mode: '0750', user, group: user },
    ...(web ? edgeFolders(server, edgeLogs(layout, program), program) : []),
    edge({ path: state.data, mode: '0750', user, group: user }, `u:${EDGE_USER}:--x`),
    // No `X`, which systemd knows since 254: what a file is made with is the mask of what it inherits.
    edge({ path: state.media, mode: '0750', user, group: user }, `u:${EDGE_USER}:r-x`, `d:u:${EDGE_USER}:r-x`),
    // Servers make their sockets with modes of their own; the list decides.
    edge({ path: layout.run, mode: '0750', user, group: user }, `u:${EDGE_USER}:--x`, `d:u:${EDGE_USER}:rw-`),
  ];
}

/** The edge's own. Its logs are there before it is: whoever tests its configuration as root would else make them root's. */
function edgeFolders(server: ReturnType<typeof serverFiles>, folder: string, program: ServerOptions['edge']): FolderLine[] {
  const own = { user: EDGE_USER, group: 'adm' };
  const logs = ['access.log', 'error.log'].map((name) => `${folder}/${name}`);
  return [
    { path: folder.slice(0, folder.lastIndexOf('/')), mode: '0755', user: 'root', group: 'adm' },
    { path: folder, mode: '0750', ...own },
    ...logs.map((path): FolderLine => ({ kind: 'file', path, mode: '0640', ...own })),
    ...(program === 'nginx'
      ? [
          { path: '/var/cache/nginx', mode: '0755', user: EDGE_USER, group: EDGE_USER },
          { path: server.edgeCache, mode: '0750', ...own },
        ]
      : [
          { path: server.apacheCache.root, mode: '0755', user: EDGE_USER, group: EDGE_USER },
          { path: server.apacheCache.pages, mode: '0750', ...own },
          { path: server.apacheCache.locks, mode: '0750', ...own },
        ]),
  ];
}
