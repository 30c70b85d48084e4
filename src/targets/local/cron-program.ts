import type { Release } from '../../core/release.js';
import type { Program } from '../../templates/supervisord.js';
import { releaseFiles, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';
import type { Installed } from './paths.js';

type LocalRelease = Release<LocalOptions>;

/** What scheduler.py takes to end a run that is over its time, and some more. */
const SLACK_SECONDS = 15;

/** Name of the scheduler among the release's processes: `cron`, unless the project has a process of that name. */
export const cronName = ({ processes }: Pick<Release, 'processes'>): string =>
  processes.some(({ name }) => name.toLowerCase() === 'cron') ? 'cron-jobs' : 'cron';

/** When the release's jobs run, as cron.py reads it. */
export const jobsFile = ({ options, version }: LocalRelease): string =>
  `${releaseFiles(options.layout, version).folder}/cron.json`;

/** The one program that runs the release's jobs at their times; none where it has no jobs. */
export function cronProgram(release: LocalRelease, installed: Installed): Program[] {
  const { cron = [], options } = release;
  if (cron.length === 0) return [];
  const name = cronName(release);
  return [
    {
      name,
      argv: [installed.python, '-I', '-S', `${installed.tools}/cron.py`, jobsFile(release)],
      stopSignal: 'TERM',
      stopSeconds: Math.max(...cron.map(({ stopSeconds }) => stopSeconds)) + SLACK_SECONDS,
      startSeconds: 1,
      restart: 'always',
      logFile: `${stateFiles(options.layout).logs}/${name}.log`,
      priority: 200,
    },
  ];
}
