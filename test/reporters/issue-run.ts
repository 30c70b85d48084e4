import type { Event } from '../../src/core/event.js';
import { Failure } from '../../src/core/failure.js';

/** What `slipway up` reports on a project with everything. */
export const UP_RUN: readonly Event[] = [
  {
    type: 'app',
    name: 'my-django-project',
    summary: ['Django 5.2', 'Python 3.12', 'requirements.txt', 'WSGI', 'PostgreSQL', 'Celery (worker, beat)'],
  },
  ...stage('build', 'environment 41 packages · static 312 files, 1.9 MB → 0.6 MB', 6.1),
  ...stage('prepare', 'PostgreSQL 17 · Redis 7 · certificate for localhost', 2),
  ...stage('migrate', '28 migrations', 1.1),
  ...stage('start', 'web ×2 (gunicorn) · worker · beat', 0.9),
  ...stage('switch', '', 0.01),
  ...stage('verify', '14 checks', 75.4),
  { type: 'finished', outcome: 'ok' },
];

function stage(name: Extract<Event, { type: 'stage' }>['stage'], summary: string, seconds: number): Event[] {
  const at = { step: `${name}.one`, host: 'local' };
  return [
    { type: 'stage', stage: name },
    { type: 'started', ...at, title: `${name} of one thing` },
    { type: 'output', ...at, line: '\x1b[32mCollecting\x1b[0m django\r\x1b[2KCollected django' },
    { type: 'done', ...at, seconds },
    { type: 'stage-done', stage: name, summary, seconds },
  ];
}

/** One lane fails, the lane beside it is cancelled. */
export const FAILED_RUN: readonly Event[] = [
  { type: 'stage', stage: 'start' },
  { type: 'started', step: 'start.web', host: 'local', title: 'web ×2 (gunicorn)' },
  { type: 'started', step: 'start.beat', host: 'local', title: 'beat' },
  { type: 'output', step: 'start.web', host: 'local', line: 'Booting worker' },
  {
    type: 'output',
    step: 'start.web',
    host: 'local',
    line: '\x1b]0;title\x07ImportError: no module named \x1b[31mshop\x1b[0m\x08',
  },
  { type: 'failed', step: 'start.beat', host: 'local', failure: new Failure('CANCELLED', 'cancelled', 'stopped') },
  {
    type: 'failed',
    step: 'start.web',
    host: 'local',
    failure: new Failure('NOT_READY', 'project', 'web ended instead of becoming ready'),
  },
];
