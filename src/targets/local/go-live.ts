import type { Step } from '../../core/plan.js';
import type { Release } from '../../core/release.js';
import { drainArgv } from '../../ops/drain.js';
import { programConfig } from '../../templates/supervisord.js';
import { describeProcesses } from '../describe-processes.js';
import { cronSteps } from './cron-steps.js';
import { edgeStart } from './edge.js';
import { groupOf, type Layout, releaseFiles, sockets, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';
import type { Installed } from './paths.js';
import { beatGroup, beatGroupOf, releaseGroup, type WebProgram } from './programs.js';
import { readyRequest } from './ready-request.js';
import { launchStep, launchSteps } from './release-files.js';
import { groupIsUp, groupWorks, startGroups, stopGroups } from './supervision.js';
import { ANY_BUT_BROKEN, pageRequest, verifySteps } from './verify.js';

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

type LocalRelease = Release<LocalOptions>;

const step = (stage: Step['stage'], id: string, title: string, action: Step['action']): Step => ({
  id,
  title,
  stage,
  host: 'local',
  action,
});

/** Brings the release's processes up beside whatever is live, each on its own socket. */
export function startSteps(release: LocalRelease, installed: Installed, web: WebLaunch): Step[] {
  const { layout } = release.options;
  const { version } = release;
  const files = releaseFiles(layout, version);
  const group = groupOf(version);
  const beat = beatGroup(release, installed);
  const log = `${stateFiles(layout).logs}/web.log`;
  const socket = sockets(layout).web(version);
  return [
    ...web.files.map(({ path, content }, index) =>
      step('start', `server.${index}`, 'server configuration', { kind: 'file', path, content }),
    ),
    launchStep(release, 'web', web.argv, web.env),
    ...launchSteps(release),
    ...cronSteps(release, installed),
    step('start', 'start.socket', 'link to its socket', { kind: 'link', path: files.socket, to: socket }),
    step('start', 'start.flag', 'no drain', { kind: 'remove', path: sockets(layout).drain(version) }),
    step('start', 'start.program', 'its programs', {
      kind: 'file',
      path: `${stateFiles(layout).programs}/${group}.conf`,
      content: programConfig(releaseGroup(release, installed, web)),
    }),
    ...(beat === undefined
      ? []
      : [
          step('start', 'start.beat-program', 'its schedulers', {
            kind: 'file',
            path: `${files.launch}/beat.conf`,
            content: programConfig(beat),
          }),
        ]),
    startGroups(layout, installed, 'start', 'start.group', describeProcesses(release), group),
    {
      ...step('start', 'start.ready', 'answers on its own socket', {
        kind: 'wait',
        until: { request: readyRequest(release) },
        alive:
          web.supervised === undefined
            ? groupIsUp(layout, installed, group)
            : groupWorks(layout, installed, group, web.supervised),
        timeoutSeconds: web.readySeconds,
        log: [log],
        code: files.source,
      }),
      failure: {
        code: 'RELEASE_NOT_READY',
        kind: 'project',
        message: `Release ${version} does not become ready; what was live before is still live`,
        hint: 'read the last lines above, mend the project, and run `slipway up` again',
      },
    },
  ];
}

/** The first page, asked of the release itself before anybody else can: for one whose predecessor does not fail there. */
export function firstPageStep(release: LocalRelease): Step {
  const { layout } = release.options;
  const page = pageRequest(release);
  const request = {
    ...page,
    to: { socket: sockets(layout).web(release.version) },
    headers: { ...page.headers, 'x-forwarded-proto': 'https', 'x-real-ip': '127.0.0.1' },
    timeoutSeconds: 30,
  };
  return {
    ...step('start', 'start.page', 'its first page', {
      kind: 'expect',
      request,
      expectation: { status: ANY_BUT_BROKEN },
      log: [`${stateFiles(layout).logs}/web.log`],
      code: releaseFiles(layout, release.version).source,
    }),
    failure: {
      code: 'RELEASE_NOT_READY',
      kind: 'project',
      message: `Release ${release.version} fails on its first page; what was live before is still live`,
      hint: 'read the last lines above, mend the project, and run `slipway up` again',
    },
  };
}

/** One rename moves traffic and static files; the one beat is handed over. */
export function switchSteps(release: LocalRelease, installed: Installed, current?: LocalRelease): Step[] {
  const { layout } = release.options;
  const state = stateFiles(layout);
  const files = releaseFiles(layout, release.version);
  const beat = beatGroup(release, installed);
  const oldBeat = current !== undefined && current.version !== release.version ? beatGroup(current, installed) : undefined;
  return [
    step('switch', 'switch.whole', 'the release is whole', { kind: 'file', path: files.ready, content: '' }),
    ...(oldBeat === undefined ? [] : endBeat(layout, installed, oldBeat.name)),
    step('switch', 'switch.live', 'traffic to the new release', {
      kind: 'link',
      path: state.live,
      to: `releases/${release.version}`,
    }),
    step('switch', 'switch.run', 'the way to it', { kind: 'link', path: sockets(layout).liveFolder, to: state.live }),
    ...edgeStart(release, installed),
    ...(beat === undefined
      ? []
      : [
          step('switch', 'switch.beat-program', 'schedulers', {
            kind: 'file',
            path: `${state.programs}/${beat.name}.conf`,
            content: programConfig(beat),
          }),
          startGroups(layout, installed, 'switch', 'switch.beat', 'schedulers', beat.name),
        ]),
  ];
}

const endBeat = (layout: Layout, installed: Installed, group: string): Step[] => [
  step('switch', 'switch.old-beat-program', 'the old schedulers are forgotten', {
    kind: 'remove',
    path: `${stateFiles(layout).programs}/${group}.conf`,
  }),
  stopGroups(layout, installed, 'switch', 'switch.old-beat', 'the old schedulers end', group),
];

/** Looks at it as a visitor would. */
export { verifySteps };

/** Lets the replaced release finish what it is doing; outlives us. */
export function drainSteps(replaced: LocalRelease, installed: Installed, limitSeconds: number): Step[] {
  const { layout } = replaced.options;
  const state = stateFiles(layout);
  const self = `drain-${replaced.version}`;
  const argv = drainArgv({
    python: installed.python,
    tool: `${installed.tools}/drain.py`,
    supervisorSocket: sockets(layout).supervisor,
    group: groupOf(replaced.version),
    self,
    live: state.live,
    own: releaseFiles(layout, replaced.version).folder,
    webSocket: sockets(layout).web(replaced.version),
    flag: sockets(layout).drain(replaced.version),
    programs: state.programs,
    limitSeconds,
  });
  const program = {
    name: 'drain',
    argv,
    stopSignal: 'TERM',
    stopSeconds: 5,
    startSeconds: 0,
    restart: 'on-failure',
    logFile: `${state.logs}/drain.log`,
    priority: 900,
  } as const;
  return [
    step('clean', `drain.program.${replaced.version}`, 'the old release finishes its work', {
      kind: 'file',
      path: `${state.programs}/${self}.conf`,
      content: programConfig({ name: self, programs: [program] }),
    }),
    startGroups(layout, installed, 'clean', `drain.${replaced.version}`, 'the old release finishes its work', self),
  ];
}

/** Takes back the end of a release that is to be live again while it still finishes its work. */
export function undrainSteps(layout: Layout, version: string, installed: Installed): Step[] {
  const self = `drain-${version}`;
  return [
    step('start', 'undrain.program', 'no drain', { kind: 'remove', path: `${stateFiles(layout).programs}/${self}.conf` }),
    stopGroups(layout, installed, 'start', 'undrain.stop', 'no drain', self),
    step('start', 'undrain.flag', 'no drain', { kind: 'remove', path: sockets(layout).drain(version) }),
  ];
}

/** Ends a release at once: one that did not hold, or that a killed run left behind. */
export function endSteps(layout: Layout, version: string, installed: Installed): Step[] {
  const state = stateFiles(layout);
  const groups = [groupOf(version), beatGroupOf(version), `drain-${version}`];
  return [
    ...groups.map((group) =>
      step('clean', `end.program.${group}`, `${group} is forgotten`, { kind: 'remove', path: `${state.programs}/${group}.conf` }),
    ),
    stopGroups(layout, installed, 'clean', `end.${version}`, `release ${version} ends`, ...groups),
    step('clean', `end.socket.${version}`, 'its socket', { kind: 'remove', path: sockets(layout).web(version) }),
    step('clean', `end.flag.${version}`, 'its flag', { kind: 'remove', path: sockets(layout).drain(version) }),
  ];
}
