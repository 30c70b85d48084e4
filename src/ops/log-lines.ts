import { FORMATS, type Level, type LineFormat, type ParsedLine } from './log-formats.js';
import { momentIn } from './log-time.js';

export type { Level } from './log-formats.js';

export interface LogEntry {
  /** RFC 3339, in UTC, with milliseconds: sorts as text. */
  readonly time: string;
  readonly level: Level;
  readonly message: string;
  /** What else the line said: `status`, `request_id`, `logger`, `exception`, …. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogOptions {
  /** IANA name of the zone of times written without one: `Europe/Copenhagen`. Django sets its processes to the project's `TIME_ZONE`. Absent: this machine's. */
  readonly zone?: string;
  /** For lines before the first time, RFC 3339: when the file was made. */
  readonly since: string;
}

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/**
 * Reads the lines of one process in their order, whichever of its libraries wrote them. A line without a time has that of the line before it; those of a
 * trace-back are errors.
 */
export function logReader({ zone, since }: LogOptions): (line: string) => LogEntry {
  let time = new Date(since).toISOString();
  let trace = false;
  return (raw) => {
    const line = raw.replace(ESCAPES, '').trimEnd();
    const parsed = parseLine(line);
    if (parsed.time !== undefined) time = momentIn(parsed.time, zone) ?? time;
    const starts = /^Traceback \(most recent call last\):|^ {2}\+ Exception Group Traceback/.test(line);
    const level = parsed.level ?? (starts || trace ? 'error' : 'info');
    // It ends with the first line that is not indented: the exception itself.
    trace = starts || (trace && parsed.level === undefined && (line === '' || /^\s/.test(line)));
    return { time, level, message: parsed.message, fields: parsed.fields ?? {} };
  };
}

/** One line by itself; its time as written. */
export function parseLine(line: string): ParsedLine {
  for (const format of FORMATS) {
    const parsed = apply(format, line);
    if (parsed !== undefined) return parsed;
  }
  return { message: line };
}

function apply(format: LineFormat, line: string): ParsedLine | undefined {
  if (typeof format === 'function') return format(line);
  const match = format.pattern.exec(line);
  return match === null ? undefined : format.read(match.groups ?? {});
}

/** Entries of several processes in the order of their times; those of one process never change places. */
export function mergeByTime<T extends { readonly time: string }>(logs: readonly (readonly T[])[]): T[] {
  const positions = logs.map(() => 0);
  const merged: T[] = [];
  for (;;) {
    let first: { entry: T; log: number } | undefined;
    for (const [log, entries] of logs.entries()) {
      const entry = entries[positions[log] ?? 0];
      if (entry !== undefined && (first === undefined || entry.time < first.entry.time)) first = { entry, log };
    }
    if (first === undefined) return merged;
    merged.push(first.entry);
    positions[first.log] = (positions[first.log] ?? 0) + 1;
  }
}
