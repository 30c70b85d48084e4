import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secret } from '../../src/core/command.js';
import type { Event } from '../../src/core/event.js';
import { Failure } from '../../src/core/failure.js';
import { journalReporter } from '../../src/reporters/journal.js';
import { jsonReporter, logObjectLine, resultLine } from '../../src/reporters/json.js';

const TIME = new Date('2026-11-21T10:45:12.123Z');
const AT = { step: 'build.environment', host: 'local' };

/** The contract: each event and its line. Fields may join; none may change or go. */
const CONTRACT: readonly (readonly [Event, object])[] = [
  [
    { type: 'app', name: 'shop', summary: ['Django 5.2'] },
    { name: 'shop', summary: ['Django 5.2'] },
  ],
  [{ type: 'stage', stage: 'build' }, { stage: 'build' }],
  [
    { type: 'stage-done', stage: 'build', summary: '41 packages', seconds: 6.1 },
    { stage: 'build', summary: '41 packages', seconds: 6.1 },
  ],
  [
    { type: 'started', ...AT, title: 'environment' },
    { ...AT, title: 'environment' },
  ],
  [
    { type: 'output', ...AT, line: 'Collecting "django"' },
    { ...AT, line: 'Collecting "django"' },
  ],
  [
    { type: 'same', ...AT, seconds: 0.1 },
    { ...AT, seconds: 0.1 },
  ],
  [
    { type: 'done', ...AT, seconds: 0.1 },
    { ...AT, seconds: 0.1 },
  ],
  [
    {
      type: 'failed',
      ...AT,
      failure: new Failure('PIP_FAILED', 'project', 'no such package', { hint: 'spell it', cause: new Error('x') }),
    },
    {
      ...AT,
      error: {
        code: 'PIP_FAILED',
        kind: 'project',
        message: 'no such package',
        hint: 'spell it',
        detail: '',
        docs: 'docs/errors/PIP_FAILED.md',
      },
    },
  ],
  [
    { type: 'warning', warning: { code: 'hash', message: 'm', hint: 'h' } },
    { code: 'hash', message: 'm', hint: 'h' },
  ],
  [{ type: 'note', message: 'waiting' }, { message: 'waiting' }],
  [{ type: 'finished', outcome: 'stopped' }, { outcome: 'stopped' }],
  [
    {
      type: 'planned',
      plan: {
        target: 'local',
        release: 'r1',
        steps: [
          {
            id: 'start.web',
            title: 'web',
            stage: 'start',
            host: 'local',
            change: { kind: 'change', diff: 'SECRET' },
            action: { kind: 'file', path: '/x', content: { json: { key: secret('SECRET') } } },
          },
        ],
      },
    },
    {
      target: 'local',
      release: 'r1',
      steps: [{ id: 'start.web', title: 'web', stage: 'start', host: 'local', change: 'change' }],
    },
  ],
];

for (const [event, fields] of CONTRACT) {
  test(`the line of ${event.type}, the same on standard output and in the journal`, () => {
    const written: string[] = [];
    for (const reporter of [jsonReporter, journalReporter]) {
      reporter(
        (text) => void written.push(text),
        () => TIME,
      )(event);
    }
    for (const text of written) {
      assert.match(text, /^\{"type":"[a-z-]+".*\}\n$/);
      assert.deepEqual(JSON.parse(text), { type: event.type, time: '2026-11-21T10:45:12.123Z', ...fields });
    }
    assert.equal(written.length, 2);
  });
}

test('a result', () => {
  assert.equal(
    resultLine('up', { app: 'shop' }, TIME),
    '{"type":"result","time":"2026-11-21T10:45:12.123Z","ok":true,"command":"up","app":"shop"}\n',
  );
});

test('a line of a log keeps its own type under another name', () => {
  assert.equal(logObjectLine({ time: 't', type: 'request' }), '{"type":"log","time":"t","app_type":"request"}\n');
});
