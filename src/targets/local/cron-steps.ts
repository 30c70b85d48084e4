import type { Json, Step } from '../../core/plan.js';
import type { CronJob, Release } from '../../core/release.js';
import { parseSchedule } from '../../core/schedule.js';
import { jobsFile } from './cron-program.js';
import { releaseFiles, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';
import type { Installed } from './paths.js';
import { launchStep } from './release-files.js';

type LocalRelease = Release<LocalOptions>;

/** The files of the release's jobs: how each is started, and when. */
export function cronSteps(release: LocalRelease, installed: Installed): Step[] {
  const { cron = [], options, version } = release;
  if (cron.length === 0) return [];
  const json: Json = {
    zone: options.timeZone,
    folder: stateFiles(options.layout).cron,
    jobs: cron.map((job) => jobEntry(release, installed, job)),
  };
  const folder = releaseFiles(options.layout, version).cron;
  return [
    ...cron.map(({ name, argv }) => launchStep(release, name, argv, {}, folder)),
    {
      id: 'start.cron',
      title: 'when jobs run',
      stage: 'start',
      host: 'local',
      action: { kind: 'file', path: jobsFile(release), content: { json }, mode: 0o600 },
    },
  ];
}

function jobEntry({ options, version }: LocalRelease, installed: Installed, { name, at, stopSeconds }: CronJob): Json {
  const schedule = parseSchedule(at);
  if (schedule === undefined) throw new Error(`the schedule of ${name} was read before: ${at}`);
  return {
    name,
    argv: [installed.python, '-I', '-S', installed.launch, `${releaseFiles(options.layout, version).cron}/${name}.json`],
    log: `${stateFiles(options.layout).logs}/cron-${name}.log`,
    stop_seconds: stopSeconds,
    ...schedule,
  };
}
