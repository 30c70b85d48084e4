import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSchedule } from '../../src/config/schedule.js';

test('times of day and cron fields', () => {
  const good = [
    '04:15',
    '4:15',
    '23:59',
    '00:00',
    '* * * * *',
    '*/10 * * * *',
    '0 4 1,15 * *',
    '0-30/5 8-18 * * 1-5',
    '0 0 * * 7',
    ' 5 4  * * * ',
  ];
  const bad = [
    '24:00',
    '4:60',
    '415',
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '5/2 * * * *',
    '@daily',
    'a * * * *',
    '1, * * * *',
  ];
  for (const text of good) assert.equal(isSchedule(text), true, text);
  for (const text of bad) assert.equal(isSchedule(text), false, text);
});
