import type { Command, Request } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { startUnits, stopUnit, unitEnded, unitLog, unitsActive, unitWorks } from '../../ops/systemctl.js';
import { launchName } from '../release-files.js';
import { cronUnits } from './cron.js';
import { cronLaunchSteps } from './cron-steps.js';
import { releaseFiles, sockets, stateFiles } from './layout.js';
import { hostTool, type ServerHost, type ServerOptions, type ServerRelease } from './options.js';
import { launchStep } from './release-files.js';
import { stepsOn } from './step.js';
import {
  beats,
  beatUnits,
  bootLink,
  onceTarget,
  releaseTarget,
  releaseUnits,
  serviceName,
  target,
  UNIT_FOLDER,
  type Unit,
  type WebProgram,
} from './units.js';

/** The web server's own part of a release. */
export interface WebLaunch extends WebProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to become ready. */
  readonly readySeconds: number;
  /** How many worker processes it starts, and starts again when they end; absent where its own process loads the app. */
  readonly supervised?: number;
  /** Configuration files of the server, absolute. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** A release that does something in the background by itself is watched for this long before it gets traffic. */
export const SOAK_SECONDS = 5;

/** The question whether a release is ready for traffic, on its own socket. */
export const readyRequest = (release: ServerRelease): Request => ({
  to: { socket: sockets(release.options.layout).web(release.version) },
  path: '/-/health/ready',
  timeoutSeconds: 5,
});

const isService = ({ name }: Unit): boolean => name.endsWith('.service');

/** Names of the release's services on this host that run beside the release before it. */
export const serviceNames = (release: ServerRelease, host: ServerHost, web: WebProgram): string[] =>
  releaseUnits(release, host, web)
    .filter(isService)
    .map(({ name }) => name);

/** Brings the release's processes up beside whatever is live, each on its own socket. On a host without processes of it, nothing. */
export function startSteps(release: ServerRelease, host: ServerHost, web: WebLaunch): Step[] {
  const { options, version } = release;
  const { layout } = options;
  const files = releaseFiles(layout, version);
  const units = releaseUnits(release, host, web);
  const step = stepsOn(host.name, 'start');
  const once = beats(release, host);
  const isWeb = host.roles.includes('web');
  const names = units.map(({ name }) => name);
  const workers = host.roles.includes('worker') ? release.processes.filter(({ kind }) => kind !== 'beat') : [];
  if (!units.some(isService))
    return [...once.map(({ name, argv }) => launchStep(release, host, name, argv)), ...cronLaunchSteps(release, host)];
  return [
    ...(isWeb
      ? [
          ...web.files.map(({ path, content }, index) =>
            step(`server.${index}`, 'server configuration', { kind: 'file', path, content }),
          ),
          launchStep(release, host, 'web', web.argv, {
            ...web.env,
            ...(options.edge === 'apache' ? { SLIPWAY_READ_ALL: '1' } : {}),
          }),
          step('start.socket', 'link to its socket', { kind: 'link', path: files.socket, to: sockets(layout).web(version) }),
        ]
      : []),
    ...[...workers, ...once].map((process) => launchStep(release, host, launchName(process), process.argv)),
    ...cronLaunchSteps(release, host),
    step('start.flag', 'no drain', { kind: 'remove', path: sockets(layout).drain(version) }),
    ...units.map((unit) => unitStep('start', host, unit)),
    step('start.units', describe(release, host), {
      kind: 'run',
      command: startUnits([releaseTarget(options, version), ...names]),
      check: { command: unitsActive(names) },
    }),
    ...(isWeb ? [readyStep(release, host, web)] : []),
  ];
}

const unitStep = (stage: Step['stage'], host: ServerHost, unit: Unit): Step =>
  stepsOn(host.name, stage)(`unit.${unit.name}`, unit.name, {
    kind: 'file',
    path: `${UNIT_FOLDER}/${unit.name}`,
    content: unit.content,
    mode: 0o644,
  });

/** Lines of a log, with the whole of what every worker said, of each time it was started. */
const ALL_WORKERS = 2000;

const readyStep = (release: ServerRelease, host: ServerHost, web: WebLaunch): Step => {
  const unit = serviceName(release.options, 'web', release.version);
  return stepsOn(host.name, 'start')(
    'start.ready',
    'answers on its own socket',
    {
      kind: 'wait',
      until: { request: readyRequest(release) },
      alive: { command: unitWorks(unit), ...(web.supervised === undefined ? {} : { workers: web.supervised }) },
      timeoutSeconds: web.readySeconds,
      log: [unitLog(unit, ALL_WORKERS)],
      code: releaseFiles(release.options.layout, release.version).source,
    },
    {
      code: 'RELEASE_NOT_READY',
      kind: 'project',
      message: `Release ${release.version} does not become ready on ${host.name}; what was live before is still live`,
      hint: 'read the last lines above, mend the project, and deploy again',
    },
  );
};

function describe({ web, processes }: ServerRelease, { roles }: ServerHost): string {
  const parts = [
    ...(roles.includes('web') ? [`web ×${web.workers} (${web.server})`] : []),
    ...(roles.includes('worker') ? processes.filter(({ kind }) => kind !== 'beat') : []).map(({ name, scale }) =>
      scale > 1 ? `${name} ×${scale}` : name,
    ),
  ];
  return parts.join(' · ');
}

/** What of a release runs once at a time on this host: its units and their target; none where it has none. */
function onceUnits(release: ServerRelease, host: ServerHost): readonly Unit[] {
  const units = [...beatUnits(release, host), ...cronUnits(release, host)];
  const wanted = units.filter(({ name }) => !name.includes('-cron-') || name.endsWith('.timer'));
  if (wanted.length === 0) return [];
  const { options, version } = release;
  return [...units, target(onceTarget(options, version), `${options.key}, what runs once of release ${version}`, wanted)];
}

/**
 * One rename moves traffic and static files; what runs once at a time is handed over. `edgeStart` comes after, and touches nginx only where
 * its configuration is another than before.
 */
export function switchSteps(release: ServerRelease, host: ServerHost, current?: ServerRelease): Step[] {
  const { options, version } = release;
  const step = stepsOn(host.name, 'switch');
  const own = releaseTarget(options, version);
  const replaced = current !== undefined && current.version !== version ? current : undefined;
  return [
    step('switch.whole', 'the release is whole', {
      kind: 'file',
      path: releaseFiles(options.layout, version).ready,
      content: '',
    }),
    ...(replaced === undefined ? [] : endOnceSteps(replaced, host)),
    // Before the rename, so that the machine comes up with what is live whenever its power goes.
    ...(runsServices(release, host)
      ? [step('switch.enable', 'starts with the machine', { kind: 'link', ...bootLink(own) })]
      : []),
    step('switch.live', 'traffic to the new release', {
      kind: 'link',
      path: stateFiles(options.layout).live,
      to: `releases/${version}`,
    }),
    ...onceSteps(release, host),
    ...(replaced === undefined
      ? []
      : [
          step('switch.forget', 'the old release does not start with the machine', {
            kind: 'remove',
            path: bootLink(releaseTarget(replaced.options, replaced.version)).path,
          }),
        ]),
  ];
}

/**
 * Has systemd read what starts with the machine: for a release that replaces none, as the end of a replaced one does it too. The machine
 * comes up with what is live without it.
 */
export function bootSteps(release: ServerRelease, host: ServerHost): Step[] {
  const own = releaseTarget(release.options, release.version);
  const step = stepsOn(host.name, 'clean');
  return runsServices(release, host) ? [step('switch.known', 'systemd knows what starts with the machine', knowBoot(own))] : [];
}

/** Whether anything of the release runs there all the time, beside the release before it. */
const runsServices = ({ processes }: ServerRelease, { roles }: ServerHost): boolean =>
  roles.includes('web') || (roles.includes('worker') && processes.some(({ kind }) => kind !== 'beat'));

const knowBoot = (name: string): Extract<Step['action'], { kind: 'run' }> => ({
  kind: 'run',
  command: { argv: ['systemctl', 'daemon-reload'], timeoutSeconds: 60 },
  check: {
    command: {
      argv: ['sh', '-uc', 'systemctl show -p WantedBy --value -- "$1" | grep -q . || exit 1', 'sh', name],
    },
  },
});

/** Starts what runs once of a release, where the host has the role for it. What another release runs once must have ended everywhere. */
export function onceSteps(release: ServerRelease, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'switch');
  const once = onceUnits(release, host);
  const names = once.filter(({ name }) => name.endsWith('.target')).map(({ name }) => name);
  return [
    ...once.map((unit) => unitStep('switch', host, unit)),
    ...names.flatMap((name) => [
      step(`switch.enable.${name}`, 'schedulers and jobs start with the machine', { kind: 'link', ...bootLink(name) }),
      step('switch.once', 'schedulers and jobs', {
        kind: 'run',
        command: startUnits([name]),
        check: { command: unitsActive([name]) },
      }),
    ]),
  ];
}

const ONCE_SECONDS = 120;

/** Whether a host runs what runs once of a release. */
export const runsOnce = ({ options, version }: ServerRelease): Command => unitsActive([onceTarget(options, version)]);

/** Ends what runs once of a release: before it starts elsewhere, or of another release. */
export function endOnceSteps({ options, version }: ServerRelease, host: ServerHost): Step[] {
  const name = onceTarget(options, version);
  const step = stepsOn(host.name, 'switch');
  return [
    step('switch.forget-once', 'the old schedulers do not start with the machine', { kind: 'remove', path: bootLink(name).path }),
    // What it has started is part of it, and stops with it.
    step('switch.old-once', 'the old schedulers end', {
      kind: 'run',
      command: stopUnit(name, ONCE_SECONDS),
      check: { command: unitEnded(name) },
    }),
  ];
}

const drainUnit = ({ key }: Pick<ServerOptions, 'key'>, version: string): string => `${key}-drain@${version}.service`;

/** What the host's own tools are told of a release. */
const releaseArgs = ({ layout, key }: Place, version: string): string[] => [
  ...['--key', key, '--release', version, '--live', stateFiles(layout).live, '--own', releaseFiles(layout, version).folder],
  ...['--web-socket', sockets(layout).web(version), '--flag', sockets(layout).drain(version)],
];

type Place = Pick<ServerOptions, 'layout' | 'key'>;

/** It has held: one that can be gone back to. */
export const verifiedStep = ({ options, version }: ServerRelease, host: ServerHost): Step =>
  stepsOn(host.name, 'clean')('verified', 'the release has held', {
    kind: 'file',
    path: releaseFiles(options.layout, version).verified,
    content: '',
  });

/** Nothing is left to begin: the release has ended, and its targets are gone, or it finishes its work. */
const DRAINS = 'unit="$1"; shift; for file; do [ ! -e "$file" ] || exec systemctl -q is-active -- "$unit"; done';

const targetFiles = (options: Place, version: string): string[] =>
  [releaseTarget(options, version), onceTarget(options, version)].map((name) => `${UNIT_FOLDER}/${name}`);

/**
 * Lets the replaced release finish what it is doing, then ends it; outlives us, and is gone after a restart of the machine, as the release
 * is then too.
 */
export function drainSteps(replaced: ServerRelease, host: ServerHost, limitSeconds: number): Step[] {
  const { options, version } = replaced;
  const argv = [host.python, '-I', '-S', hostTool(host, 'drain_release.py'), ...releaseArgs(options, version)];
  const transient = ['systemd-run', '-q', '--collect', '--no-block', `--unit=${drainUnit(options, version)}`];
  return [
    stepsOn(host.name, 'clean')(`drain.${version}`, 'the old release finishes its work', {
      kind: 'run',
      command: {
        argv: [
          ...transient,
          `--description=${options.key}: the end of release ${version}`,
          '--',
          ...argv,
          '--limit',
          String(limitSeconds),
        ],
        timeoutSeconds: 30,
      },
      check: { command: { argv: ['sh', '-uc', DRAINS, 'sh', drainUnit(options, version), ...targetFiles(options, version)] } },
    }),
  ];
}

/** Takes back the end of a release that is to be live again while it still finishes its work. */
export function undrainSteps(place: Place, version: string, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'start');
  const unit = drainUnit(place, version);
  return [
    step('undrain.stop', 'no drain', { kind: 'run', command: stopUnit(unit, 60), check: { command: unitEnded(unit) } }),
    step('undrain.flag', 'no drain', { kind: 'remove', path: sockets(place.layout).drain(version) }),
  ];
}

/** How long the processes of a release may take to end: the longest of any process is within it. */
const END_SECONDS = 700;

/** Ends a release at once: one that did not hold, or that a killed run left behind. Does not touch the one that is live. */
export function endSteps(place: Place, version: string, host: ServerHost): Step[] {
  const argv = [host.python, '-I', '-S', hostTool(host, 'end_release.py'), ...releaseArgs(place, version)];
  return [
    stepsOn(host.name, 'clean')(`end.${version}`, `release ${version} ends`, {
      kind: 'run',
      command: { argv, timeoutSeconds: END_SECONDS },
      check: { command: { argv: [...argv, '--ended'], timeoutSeconds: 30 } },
    }),
  ];
}
