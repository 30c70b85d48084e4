import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalCommand, parseJournalLine } from '../../src/ops/journal.js';

const line = (fields: object) =>
  JSON.stringify({ __REALTIME_TIMESTAMP: '1795255512123456', _SYSTEMD_UNIT: 'shop-web@1.service', PRIORITY: '6', ...fields });

test('a line of the journal, with what the app says of it', () => {
  assert.deepEqual(parseJournalLine(line({ MESSAGE: 'hello' })), {
    time: '2026-11-21T10:05:12.123Z',
    unit: 'shop-web@1.service',
    level: 'info',
    message: 'hello',
    fields: {},
  });
});

test('bytes are read as text, priorities as levels, and what systemd itself says belongs to the unit it says it of', () => {
  assert.equal(parseJournalLine(line({ MESSAGE: [104, 195, 169] }))?.message, 'hé');
  assert.equal(parseJournalLine(line({ MESSAGE: 'x', PRIORITY: '3' }))?.level, 'error');
  assert.equal(
    parseJournalLine(line({ MESSAGE: 'Started.', _SYSTEMD_UNIT: 'init.scope', UNIT: 'shop-beat.service' }))?.unit,
    'shop-beat.service',
  );
});

for (const bad of ['', 'not json', '[]', '{}', 'null'])
  test(`${JSON.stringify(bad)} is no line of it`, () => assert.equal(parseJournalLine(bad), undefined));

test('the command follows only when asked to', () => {
  assert.ok(!journalCommand('shop-*', { lines: 5, follow: false }).argv.includes('--follow'));
  assert.ok(journalCommand('shop-*', { lines: 5, follow: true }).argv.includes('--follow'));
});
