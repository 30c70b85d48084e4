import type { CronJob } from '../../core/release.js';
import { parseSchedule, type Schedule } from '../../core/schedule.js';
import { execLine, lineValue, unitName } from '../../templates/systemd-quote.js';
import { unitFile } from '../../templates/systemd-unit.js';
import { credentialLines } from './credentials.js';
import { releaseFiles } from './layout.js';
import type { ServerHost, ServerRelease } from './options.js';
import { launcherOf } from './options.js';
import { confined, onceTarget, type Unit } from './units.js';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A service and a timer a job; they run where beats do. */
export const cronUnits = (release: ServerRelease, host: ServerHost): readonly Unit[] =>
  host.roles.includes('beat')
    ? (release.cron ?? []).flatMap((job) => [jobService(release, host, job), jobTimer(release, job)])
    : [];

const nameOf = ({ options, version }: ServerRelease, { name }: CronJob): string => `${options.key}-cron-${name}@${version}`;

function jobService(release: ServerRelease, host: ServerHost, job: CronJob): Unit {
  const { options, version } = release;
  const launch = `${releaseFiles(options.layout, version).cron}/${job.name}.json`;
  return {
    name: unitName(`${nameOf(release, job)}.service`),
    content: unitFile({
      unit: [['Description', lineValue(`${options.key}: job ${job.name} of release ${version}`)]],
      kind: {
        name: 'Service',
        lines: [
          ['Type', 'oneshot'],
          ['ExecStart', execLine([host.python, '-I', '-S', launcherOf(host), launch])],
          ['KillMode', 'mixed'],
          ['TimeoutStopSec', String(job.stopSeconds)],
          ['LimitNOFILE', '8192'],
          ['SyslogIdentifier', `${options.key}-cron-${job.name}`],
          ...credentialLines(release),
          ...confined(release, 'all'),
        ],
      },
    }),
  };
}

function jobTimer(release: ServerRelease, job: CronJob): Unit {
  const { options, version } = release;
  const schedule = parseSchedule(job.at);
  if (schedule === undefined) throw new Error(`the schedule of ${job.name} was read before: ${job.at}`);
  return {
    name: unitName(`${nameOf(release, job)}.timer`),
    content: unitFile({
      unit: [
        ['Description', lineValue(`${options.key}: when job ${job.name} of release ${version} runs`)],
        ['PartOf', onceTarget(options, version)],
      ],
      kind: {
        name: 'Timer',
        lines: [
          ...calendars(schedule, options.timeZone).map((time) => ['OnCalendar', lineValue(time)] as const),
          ['AccuracySec', '1s'],
          // A time that came while the machine was off, or while releases changed, is not made up for: cron does not either.
          ['Persistent', 'no'],
        ],
      },
    }),
  };
}

const two = (numbers: readonly number[], all: number): string =>
  numbers.length === all ? '*' : numbers.map((number) => String(number).padStart(2, '0')).join(',');

/**
 * A schedule of cron as calendar events of systemd; two where either a day of the month or one of the week is enough.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html
 */
export function calendars(schedule: Schedule, zone: string | null): string[] {
  const { minutes, hours, days, months, weekdays, eitherDay } = schedule;
  const time = `${two(hours, 24)}:${two(minutes, 60)}:00${zone === null ? '' : ` ${zone}`}`;
  const month = two(months, 12);
  const date = `*-${month}-${two(days, 31)}`;
  const week = weekdays.length === 7 ? '' : `${weekdays.map((day) => WEEKDAYS[day]).join(',')} `;
  if (eitherDay) return [`${date} ${time}`, `${week}*-${month}-* ${time}`];
  return [`${week}${date} ${time}`];
}
