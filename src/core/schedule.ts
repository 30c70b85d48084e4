/** When a job runs: each field of cron(5) as the numbers it stands for. */
export interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Of the month, from 1. */
  readonly days: readonly number[];
  /** From 1. */
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Both the day of the month and the day of the week are narrowed: then either of them is enough. */
  readonly eitherDay: boolean;
  /** A set time of day, as against "every so often": it is not repeated when clocks go back, and not left out when they go forward. */
  readonly fixed: boolean;
}

interface Field {
  readonly low: number;
  readonly high: number;
  /** The first of them stands for `low`. */
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: MONTHS },
  { low: 0, high: 7, names: WEEKDAYS },
];

/** A time of day, `04:15`, or the five fields of cron with `*`, lists, ranges, steps and names; undefined for anything else. */
export function parseSchedule(text: string): Schedule | undefined {
  const time = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  const fields = time === null ? text.trim().split(/[ \t]+/) : [String(Number(time[2])), String(Number(time[1])), '*', '*', '*'];
  const parsed = FIELDS.map((field, index) => listOf(fields[index] ?? '', field));
  const [minutes, hours, days, months, weekdays] = parsed;
  if (fields.length !== FIELDS.length || !minutes || !hours || !days || !months || !weekdays) return undefined;
  const narrowed = (index: number) => !fields[index]?.includes('*');
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: ascending(weekdays.map((day) => day % 7)),
    eitherDay: narrowed(2) && narrowed(4),
    fixed: narrowed(0) && narrowed(1),
  };
}

function listOf(text: string, field: Field): number[] | undefined {
  const parts = text.split(',').map((part) => partNumbers(part, field));
  return parts.every((part) => part !== undefined) ? ascending(parts.flat()) : undefined;
}

function partNumbers(part: string, field: Field): number[] | undefined {
  const match = /^(?:\*|(\w{1,3})(?:-(\w{1,3}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (match === null) return undefined;
  const [, first, last, step] = match;
  const from = first === undefined ? field.low : numberOf(first, field);
  // A range may end with Sunday by its name, as it may with 7.
  const to = first === undefined ? field.high : last?.toLowerCase() === 'sun' ? 7 : numberOf(last ?? first, field);
  const by = Number(step ?? 1);
  const stepped = step === undefined || first === undefined || last !== undefined;
  if (from === undefined || to === undefined || from > to || by < 1 || by > field.high || !stepped) return undefined;
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function numberOf(word: string, { low, high, names = [] }: Field): number | undefined {
  const named = names.indexOf(word.toLowerCase());
  const value = named === -1 ? (/^\d{1,2}$/.test(word) ? Number(word) : Number.NaN) : named + low;
  return value >= low && value <= high ? value : undefined;
}

const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
