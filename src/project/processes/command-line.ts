import type { ProcessKind } from '../../core/project.js';
import { words } from './words.js';

/** A command line of a Procfile, compose file or unit, understood. */
export interface CommandLine {
  readonly kind: ProcessKind | 'once' | 'other';
  /** `argv[0]` is a program of the environment. */
  readonly argv: readonly string[];
  /** What it does, for telling two descriptions of one process from two processes. */
  readonly does: string;
}

const RUNNERS =
  /^(exec|uv|uvx|poetry|pipenv|pdm|hatch|run|dumb-init|tini|--|env|nice|newrelic-admin|run-program|ddtrace-run|opentelemetry-instrument|bin\/start-pgbouncer|watchmedo|gosu|chpst|su-exec)$/;
const WEB = /^(gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress-serve|mod_wsgi-express|start-server)$/;
const WORKERS: Readonly<Record<string, ProcessKind>> = {
  qcluster: 'worker',
  rqworker: 'worker',
  rqworker_pool: 'worker',
  run_huey: 'worker',
  rundramatiq: 'worker',
  db_worker: 'worker',
  process_tasks: 'worker',
  runworker: 'worker',
  procrastinate: 'worker',
  celery: 'worker',
  rqscheduler: 'beat',
  runserver: 'web',
  runserver_plus: 'web',
  rungunicorn: 'web',
};
/** Commands that end by themselves. */
const ONCE =
  /^(migrate|migrate_schemas|collectstatic|check|compress|compilemessages|createsuperuser|createcachetable|loaddata|makemigrations|shell|test|dbshell|flush|clearsessions|syncdb|rebuild_index|update_index|initadmin|seed.*|load_.*|setup.*|wait_for.*|waitfor.*|init.*|create.*|dumpdata|collectmedia|sync_.*|bootstrap.*|ensure.*)$/;

/** The last simple command of a line: after `cd x &&`, `bash -c "…"`, environment assignments and runners. */
function simple(line: string): string[] | undefined {
  const shell = /^(?:\/bin\/)?(?:ba|da)?sh\s+-\w*c\s+(["'])([\s\S]+)\1\s*$/.exec(line.trim());
  const last = (shell?.[2] ?? line).split(/&&|;/).at(-1)?.trim() ?? '';
  const argv = words(last);
  if (argv === undefined) return undefined;
  let at = 0;
  while (at < argv.length && (RUNNERS.test(argv[at] ?? '') || /^[A-Za-z_]\w*=/.test(argv[at] ?? ''))) at += 1;
  return argv.slice(at);
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a command line runs; undefined when it cannot be run without a shell. */
export function readCommandLine(line: string): CommandLine | undefined {
  const argv = simple(line);
  const [program = '', ...rest] = argv ?? [];
  if (argv === undefined || program === '') return undefined;
  const name = base(program);
  if (WEB.test(name)) return { kind: 'web', argv: [name, ...rest], does: 'web' };
  if (name === 'manage.py') return managed(rest);
  if (/^(python|python3(\.\d+)?|pypy3?)$/.test(name)) return python(rest);
  if (name === 'celery') return celery(rest);
  if (name === 'django-admin' || name === 'django-admin.py') return managed(rest);
  if (name === 'dramatiq' || name === 'huey_consumer.py' || name === 'huey_consumer' || name === 'rq' || name === 'arq') {
    return { kind: 'worker', argv: [name, ...rest], does: `${name} ${rest.filter((word) => !word.startsWith('-')).join(' ')}` };
  }
  return { kind: 'other', argv: [name, ...rest], does: argv.join(' ') };
}

function python(rest: readonly string[]): CommandLine {
  const options = rest.findIndex((word) => !/^-[^m]/.test(word));
  const [first = '', ...others] = rest.slice(Math.max(options, 0));
  if (base(first) === 'manage.py') return managed(others);
  if (first === '-m') {
    const [module = '', ...args] = others;
    if (WEB.test(module)) return { kind: 'web', argv: [module, ...args], does: 'web' };
    if (module === 'celery') return celery(args);
    return { kind: 'other', argv: ['python', '-m', module, ...args], does: `-m ${module}` };
  }
  return { kind: 'other', argv: ['python', ...rest], does: rest.join(' ') };
}

function managed(rest: readonly string[]): CommandLine {
  const [command = ''] = rest;
  const argv = ['python', 'manage.py', ...rest];
  if (command === 'celery') return { ...celery(rest.slice(1)), argv };
  const kind = WORKERS[command] ?? (ONCE.test(command) || command === '' ? 'once' : 'daemon');
  const args = rest.slice(1).filter((word) => !word.startsWith('-'));
  const does = kind === 'web' ? 'web' : /^(rqworker|runworker)$/.test(command) ? [command, ...args].join(' ') : command;
  return { kind, argv, does };
}

/** Options that belong to the machine they were written for. */
const OWN_PLACE = /^(--(pidfile|logfile|uid|gid|workdir|schedule)|-f|-s)$/;

/** `celery multi start one two …` starts workers of those names in the background; here one in the foreground does. */
function unmulti(rest: readonly string[]): readonly string[] {
  if (rest[0] !== 'multi') return rest;
  const options = rest.slice(2).findIndex((word) => word.startsWith('-'));
  return ['worker', ...(options < 0 ? [] : rest.slice(2 + options))];
}

function celery(given: readonly string[]): CommandLine {
  const rest = unmulti(given);
  const kept: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (/^--(pidfile|logfile|uid|gid|workdir|schedule)=/.test(word) || word === '--detach' || word === '-D') continue;
    if (OWN_PLACE.test(word)) at += 1;
    else kept.push(word);
  }
  const argv = ['celery', ...kept];
  if (kept.includes('beat')) return { kind: 'beat', argv, does: 'celery beat' };
  if (!kept.includes('worker')) return { kind: 'other', argv, does: kept.join(' ') };
  return { kind: 'worker', argv, does: `celery worker ${queuesOf(kept).join(',')}`.trim() };
}

/** The queues of `-Q a,b`. */
export function queuesOf(argv: readonly string[]): string[] {
  const at = argv.findIndex((word) => /^(-Q|--queues)$/.test(word));
  const joined = argv.find((word) => /^(-Q\w|--queues=)/.test(word));
  const list = at >= 0 ? argv[at + 1] : joined?.replace(/^(-Q|--queues=)/, '');
  return (list ?? '').split(',').filter((queue) => queue !== '');
}

/** True for `celery worker -B`, which runs beat inside. */
export const hasBeatInside = (argv: readonly string[]): boolean => argv.includes('-B') || argv.includes('--beat');
