import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedule, type Schedule } from '../../src/core/schedule.js';

const range = (low: number, high: number): number[] => Array.from({ length: high - low + 1 }, (_, index) => low + index);

const ANY: Schedule = {
  minutes: range(0, 59),
  hours: range(0, 23),
  days: range(1, 31),
  months: range(1, 12),
  weekdays: range(0, 6),
  eitherDay: false,
  fixed: false,
};

const CASES: readonly (readonly [string, Partial<Schedule>])[] = [
  ['* * * * *', {}],
  ['04:15', { minutes: [15], hours: [4], fixed: true }],
  ['0:00', { minutes: [0], hours: [0], fixed: true }],
  ['*/20 * * * *', { minutes: [0, 20, 40] }],
  ['5 */12 * * *', { minutes: [5], hours: [0, 12] }],
  ['0-10/5,30,30 8-10 * * *', { minutes: [0, 5, 10, 30], hours: [8, 9, 10], fixed: true }],
  ['0 4 1,15 * *', { minutes: [0], hours: [4], days: [1, 15], fixed: true }],
  ['0 4 * * 7', { minutes: [0], hours: [4], weekdays: [0], fixed: true }],
  ['0 4 * * 5-7', { minutes: [0], hours: [4], weekdays: [0, 5, 6], fixed: true }],
  ['0 4 * Feb,aug-OCT Mon-Fri', { minutes: [0], hours: [4], months: [2, 8, 9, 10], weekdays: range(1, 5), fixed: true }],
  ['0 4 * * fri-sun', { minutes: [0], hours: [4], weekdays: [0, 5, 6], fixed: true }],
  ['0 4 1 * mon', { minutes: [0], hours: [4], days: [1], weekdays: [1], eitherDay: true, fixed: true }],
  ['0 4 */2 * mon', { minutes: [0], hours: [4], days: range(0, 15).map((half) => 2 * half + 1), weekdays: [1], fixed: true }],
];

test('each field becomes the numbers it stands for', () => {
  for (const [text, wanted] of CASES) assert.deepEqual(parseSchedule(text), { ...ANY, ...wanted }, text);
});

test('what is no schedule is none', () => {
  const bad = ['0 4 * * mon-tues', '0 4 mon * *', '0 4 * 13 *', '0 4 * foo *', '0 4 * * sat-mon', '0 4 * * sun/2', '0 -1 * * *'];
  for (const text of bad) assert.equal(parseSchedule(text), undefined, text);
});
