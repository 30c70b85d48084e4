import type { Process } from '../../core/release.js';
import type { WithFacts } from './input.js';

/** Words behind `celery`, in `celery …` and `python -m celery …`; undefined for any other program. */
function celeryWords(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.findIndex((word) => /(^|\/)celery$/.test(word));
  return at === -1 ? undefined : argv.slice(at + 1);
}

export const isBeat = (argv: readonly string[]): boolean => celeryWords(argv)?.includes('beat') === true;
export const isWorker = (argv: readonly string[]): boolean => celeryWords(argv)?.includes('worker') === true;

const EMBEDDED = /^(-B|--beat)$/;

/** A worker that is its own scheduler as well. */
function hasBeatInside(argv: readonly string[]): boolean {
  return isWorker(argv) && argv.some((word) => EMBEDDED.test(word));
}

/** Without the scheduler inside: each worker that is started would bring another one. */
export function withoutBeat(argv: readonly string[]): readonly string[] {
  return hasBeatInside(argv) ? argv.filter((word) => !EMBEDDED.test(word)) : argv;
}

/** The worker and the scheduler that Celery's configuration calls for and the tree does not show. */
export function celeryProcesses({ project, facts }: WithFacts): Process[] {
  const { celery } = facts;
  const known = project.processes.map(({ argv }) => argv);
  const worker = known.find(isWorker);
  const beatWanted = celery?.beat === true || known.some(hasBeatInside);
  const app = celery?.app ?? appOf(worker);
  const commands: Process[] = [];
  if (celery !== undefined && worker === undefined) {
    const argv = ['celery', '-A', celery.app, 'worker', '--loglevel', 'info'];
    commands.push({ name: 'worker', kind: 'worker', argv, scale: 1, stopSeconds: 60, from: `Celery app ${celery.app}` });
  }
  if (beatWanted && app !== undefined && !known.some(isBeat)) {
    const scheduler = celery?.scheduler === undefined ? [] : ['--scheduler', celery.scheduler];
    const argv = ['celery', '-A', app, 'beat', '--loglevel', 'info', ...scheduler];
    commands.push({ name: 'beat', kind: 'beat', argv, scale: 1, stopSeconds: 10, from: `the schedule of ${app}` });
  }
  return commands;
}

function appOf(argv: readonly string[] | undefined): string | undefined {
  const at = argv?.findIndex((word) => word === '-A' || word === '--app') ?? -1;
  return at === -1 ? argv?.find((word) => word.startsWith('--app='))?.slice('--app='.length) : argv?.[at + 1];
}

const SCHEDULE = /^(-s|--schedule(=.*)?)$/;
const PIDFILE = /^--pidfile(=.*)?$/;

/**
 * The scheduler's notes in kept data instead of beside the code, and no pid file: one left by a crash would keep the next from starting.
 * https://docs.celeryq.dev/en/stable/reference/cli.html#celery-beat
 */
export function withSchedule(process: Process, { place, facts }: WithFacts): Process {
  const { argv } = process;
  if (!isBeat(argv)) return process;
  const scheduled = argv.some((word) => SCHEDULE.test(word)) || keepsNotesElsewhere(argv, facts.celery?.scheduler);
  const schedule = scheduled ? [] : ['--schedule', `${place.paths.data}/celerybeat-schedule`];
  const pidfile = argv.some((word) => PIDFILE.test(word)) ? [] : ['--pidfile='];
  return { ...process, argv: [...argv, ...schedule, ...pidfile] };
}

/** Schedulers that keep their notes in the database or in Redis. */
function keepsNotesElsewhere(argv: readonly string[], configured: string | undefined): boolean {
  const at = argv.findIndex((word) => word === '-S' || word === '--scheduler');
  const named = at === -1 ? argv.find((word) => word.startsWith('--scheduler=')) : argv[at + 1];
  return /django|redbeat|database/i.test(named ?? configured ?? '');
}
