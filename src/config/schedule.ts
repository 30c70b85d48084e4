/** Lowest and highest of minute, hour, day of month, month and day of week (0 and 7 are both Sunday). */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** A time of day, `04:15`, or the five numeric fields of cron with `*`, lists, ranges and steps. */
export function isSchedule(text: string): boolean {
  if (/^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(text)) return true;
  const fields = text.trim().split(/[ \t]+/);
  return fields.length === FIELDS.length && FIELDS.every(([low, high], index) => isField(fields[index] ?? '', low, high));
}

const isField = (field: string, low: number, high: number): boolean => field.split(',').every((part) => isPart(part, low, high));

function isPart(part: string, low: number, high: number): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (match === null) return false;
  const [, first, last, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > high)) return false;
  if (first === undefined) return true;
  const from = Number(first);
  const to = Number(last ?? first);
  return from >= low && from <= to && to <= high && (step === undefined || last !== undefined);
}
