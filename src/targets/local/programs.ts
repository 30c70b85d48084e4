import type { Process, Release } from '../../core/release.js';
import type { Program, ProgramGroup } from '../../templates/supervisord.js';
import { cronProgram } from './cron-program.js';
import { groupOf, releaseFiles, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';
import type { Installed } from './paths.js';
import { launchName } from './release-files.js';

/** What must run once at a time, the beat and the scheduler of jobs, is a group of its own: it is stopped before the next release's is started. */
export const beatGroupOf = (version: string): string => `beat-${version}`;

export interface WebProgram {
  readonly stopSignal: string;
  readonly stopSeconds: number;
}

/** Everything of a release that may run beside the release before it. */
export function releaseGroup(release: Release<LocalOptions>, installed: Installed, web: WebProgram): ProgramGroup {
  const workers = release.processes.filter(({ kind }) => kind !== 'beat').map((process) => program(release, installed, process));
  const server: Program = {
    name: 'web',
    argv: launcher(release, installed, 'web'),
    stopSignal: web.stopSignal,
    stopSeconds: web.stopSeconds,
    startSeconds: 1,
    restart: 'always',
    logFile: `${stateFiles(release.options.layout).logs}/web.log`,
    priority: 100,
  };
  return { name: groupOf(release.version), programs: [server, ...workers] };
}

/** Whether the release has anything that must run once at a time. */
export const hasBeatGroup = ({ processes, cron = [] }: Release<LocalOptions>): boolean =>
  cron.length > 0 || processes.some(({ kind }) => kind === 'beat');

export function beatGroup(release: Release<LocalOptions>, installed: Installed): ProgramGroup | undefined {
  const beats = release.processes.filter(({ kind }) => kind === 'beat');
  const programs = [
    ...beats.map((process) => ({ ...program(release, installed, process), count: 1 })),
    ...cronProgram(release, installed),
  ];
  return programs.length === 0 ? undefined : { name: beatGroupOf(release.version), programs };
}

function program(release: Release<LocalOptions>, installed: Installed, process: Process): Program {
  const name = launchName(process);
  return {
    name,
    argv: launcher(release, installed, name),
    stopSignal: 'TERM',
    stopSeconds: process.stopSeconds,
    startSeconds: 1,
    restart: 'always',
    count: process.scale,
    logFile: `${stateFiles(release.options.layout).logs}/${name}.log`,
    priority: 200,
  };
}

const launcher = (release: Release<LocalOptions>, installed: Installed, name: string): string[] => [
  installed.python,
  '-I',
  '-S',
  installed.launch,
  `${releaseFiles(release.options.layout, release.version).launch}/${name}.json`,
];
