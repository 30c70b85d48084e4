import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Choices } from '../../../src/config/resolve/input.js';
import { chooseProcesses } from '../../../src/config/resolve/processes.js';
import type { Facts } from '../../../src/core/facts.js';
import type { ProjectProcess } from '../../../src/core/project.js';
import { facts, project, resolveInput } from './samples.js';

const WORKER: ProjectProcess = { name: 'worker', kind: 'worker', argv: ['celery', '-A', 'shop', 'worker'], from: 'Procfile:2' };
const BEAT: ProjectProcess = { name: 'beat', kind: 'beat', argv: ['celery', '-A', 'shop', 'beat'], from: 'Procfile:3' };
const CELERY: NonNullable<Facts['celery']> = { app: 'shop', broker: 'redis://x', beat: true, queues: [] };
const AT_KEPT = ['--schedule', '/home/x/data/celerybeat-schedule', '--pidfile='];

function choose(processes: readonly ProjectProcess[], celery?: Facts['celery'], choices: Choices['processes'] = {}) {
  const known = celery === undefined ? facts() : facts({ celery });
  return chooseProcesses(resolveInput({ project: project({ processes }), facts: known, choices: { processes: choices } }));
}
const lines = (...given: Parameters<typeof choose>) =>
  choose(...given).processes.map(({ name, kind, argv, scale }) => `${name} ${kind} ×${scale}: ${argv.join(' ')}`);

test('what the tree shows, with the schedule in kept data', () => {
  assert.deepEqual(lines([WORKER, BEAT], CELERY), [
    'worker worker ×1: celery -A shop worker',
    `beat beat ×1: celery -A shop beat ${AT_KEPT.join(' ')}`,
  ]);
});

test('what Celery is configured for and the tree does not show', () => {
  assert.deepEqual(lines([], CELERY), [
    'worker worker ×1: celery -A shop worker --loglevel info',
    `beat beat ×1: celery -A shop beat --loglevel info ${AT_KEPT.join(' ')}`,
  ]);
  assert.deepEqual(lines([WORKER], { ...CELERY, beat: false }), ['worker worker ×1: celery -A shop worker']);
});

test('a schedule in the database needs no file', () => {
  const scheduler = 'django_celery_beat.schedulers:DatabaseScheduler';
  assert.deepEqual(
    lines([WORKER], { ...CELERY, scheduler })[1],
    `beat beat ×1: celery -A shop beat --loglevel info --scheduler ${scheduler} --pidfile=`,
  );
  const own = { ...BEAT, argv: [...BEAT.argv, '-s', '/x', '--pidfile=/y'] };
  assert.equal(lines([own])[0], 'beat beat ×1: celery -A shop beat -s /x --pidfile=/y');
});

test('exactly one scheduler, always', () => {
  const second = { ...BEAT, name: 'clock', from: 'compose.yml' };
  const { processes, warnings } = choose([BEAT, second], undefined, { beat: { scale: 3 } });
  assert.deepEqual(
    processes.map(({ name, scale }) => `${name} ×${scale}`),
    ['beat ×1'],
  );
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['second-beat'],
  );
});

test('a scheduler inside a worker comes out of it', () => {
  const both = { ...WORKER, argv: [...WORKER.argv, '-B', '-l', 'info'] };
  assert.deepEqual(lines([both], undefined, { worker: { scale: 2 } }), [
    'worker worker ×2: celery -A shop worker -l info',
    `beat beat ×1: celery -A shop beat --loglevel info ${AT_KEPT.join(' ')}`,
  ]);
});

test("the user's word over all", () => {
  const choices = {
    worker: { command: ['celery', '-A', 'shop', 'worker', '-Q', 'a b'], scale: 2, stopSeconds: 300 },
    beat: false,
    mailer: { command: ['python', 'manage.py', 'send_queued'] },
    queue: { command: ['python', 'manage.py', 'rqworker', 'default'] },
    web: { scale: 3 },
  } as const;
  const { processes } = choose([WORKER, BEAT], CELERY, choices);
  assert.deepEqual(
    processes.map(({ name, kind, argv, scale, stopSeconds }) => ({ name, kind, argv: argv.join('|'), scale, stopSeconds })),
    [
      { name: 'worker', kind: 'worker', argv: 'celery|-A|shop|worker|-Q|a b', scale: 2, stopSeconds: 300 },
      { name: 'mailer', kind: 'daemon', argv: 'python|manage.py|send_queued', scale: 1, stopSeconds: 20 },
      { name: 'queue', kind: 'worker', argv: 'python|manage.py|rqworker|default', scale: 1, stopSeconds: 60 },
    ],
  );
});

test('the web is not one of them', () => {
  const web: ProjectProcess = { name: 'web', kind: 'web', argv: ['gunicorn', 'shop.wsgi'], from: 'Procfile:1' };
  assert.deepEqual(lines([web]), []);
});
