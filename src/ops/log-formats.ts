export type Level = 'debug' | 'info' | 'warning' | 'error' | 'critical';

export interface ParsedLine {
  /** As written, in the shape of RFC 3339: `2026-11-21T05:00:00.123`, with a zone where the line has one. */
  readonly time?: string;
  readonly level?: Level;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** How one library writes its lines. */
export type LineFormat =
  | ((line: string) => ParsedLine | undefined)
  | { readonly pattern: RegExp; readonly read: (groups: Groups) => ParsedLine };

const LEVELS: Readonly<Record<string, Level>> = {
  debug: 'debug',
  trace: 'debug',
  verbose: 'debug',
  info: 'info',
  notice: 'info',
  note: 'info',
  log: 'info',
  success: 'info',
  system: 'info',
  warning: 'warning',
  warn: 'warning',
  error: 'error',
  err: 'error',
  exception: 'error',
  critical: 'critical',
  crit: 'critical',
  fatal: 'critical',
  panic: 'critical',
  emerg: 'critical',
  alert: 'critical',
};

const levelOf = (name: string | undefined): Level => LEVELS[(name ?? '').toLowerCase()] ?? 'info';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const monthNumber = (name: string | undefined): string => String(MONTHS.indexOf(name ?? '') + 1).padStart(2, '0');

/** `2026-11-21 05:00:00,123` and its like. */
const stamp = (day: string | undefined, clock: string | undefined, zone = ''): string =>
  `${(day ?? '').replaceAll('/', '-')}T${(clock ?? '').replace(',', '.').trim().padStart(8, '0')}${zone}`;

const DAY = String.raw`(?<day>\d{4}-\d\d-\d\d)`;
const CLOCK = String.raw`(?<clock>\d\d:\d\d:\d\d(?:[.,]\d+)?)`;
const NAMES = 'DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL';

/** The first that fits is taken. */
export const FORMATS: readonly LineFormat[] = [
  json,
  // Gunicorn, Hypercorn: [2026-11-21 05:00:00 +0000] [123] [INFO] Booting worker
  {
    pattern: new RegExp(String.raw`^\[${DAY} ${CLOCK} (?<zone>[+-]\d{4})\] \[(?<pid>\d+)\] \[(?<level>\w+)\] (?<message>.*)$`),
    read: ({ day, clock, zone, pid, level, message }) => ({
      time: stamp(day, clock, zone),
      level: levelOf(level),
      message: message ?? '',
      fields: { pid: Number(pid) },
    }),
  },
  // Celery: [2026-11-21 05:00:00,123: INFO/ForkPoolWorker-1] Task …
  {
    pattern: new RegExp(String.raw`^\[${DAY} ${CLOCK}: (?<level>\w+)/(?<process>[^\]]+)\] (?<message>.*)$`),
    read: ({ day, clock, level, process, message }) => ({
      time: stamp(day, clock),
      level: levelOf(level),
      message: message ?? '',
      fields: { worker: process },
    }),
  },
  // PostgreSQL with Slipway's own prefix, in UTC: 2026-11-21 05:00:00.123 UTC [123] app@shop ERROR:  relation …
  {
    pattern: new RegExp(
      String.raw`^${DAY} ${CLOCK} (?:UTC|GMT) \[(?<pid>\d+)\] (?:(?<who>\S+@\S+) )?(?<level>[A-Z]+\d?):  (?<message>.*)$`,
    ),
    read: ({ day, clock, pid, who, level, message }) => ({
      time: stamp(day, clock, 'Z'),
      level: levelOf(level),
      message: LEVELS[(level ?? '').toLowerCase()] === undefined ? `${level}: ${message}` : (message ?? ''),
      fields: { pid: Number(pid), ...(who === undefined ? {} : { session: who }) },
    }),
  },
  // Redis, run with TZ=UTC: 123:M 21 Nov 2026 05:00:00.123 * Ready to accept connections
  {
    pattern:
      /^(?<pid>\d+):(?<role>[XCSM]) (?<date>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d\.\d{3}) (?<mark>[.\-*#]) (?<message>.*)$/,
    read: ({ pid, date, month, year, clock, mark, message }) => ({
      time: stamp(`${year}-${monthNumber(month)}-${date}`, clock, 'Z'),
      level: mark === '#' ? 'warning' : mark === '.' ? 'debug' : 'info',
      message: message ?? '',
      fields: { pid: Number(pid) },
    }),
  },
  // nginx's error log: 2026/11/21 05:00:00 [error] 123#123: *1 connect() failed
  {
    pattern: /^(?<day>\d{4}\/\d\d\/\d\d) (?<clock>\d\d:\d\d:\d\d) \[(?<level>\w+)\] \d+#\d+: (?<message>.*)$/,
    read: ({ day, clock, level, message }) => ({ time: stamp(day, clock), level: levelOf(level), message: message ?? '' }),
  },
  // MariaDB, MySQL: 2026-11-21  5:00:00 0 [Note] …; 2026-11-21T05:00:00.123456Z 0 [System] [MY-010931] [Server] …
  {
    pattern:
      /^(?<day>\d{4}-\d\d-\d\d)(?:T| {1,2})(?<clock>\d{1,2}:\d\d:\d\d(?:\.\d+)?)(?<zone>Z|[+-]\d\d:\d\d)? \d+ \[(?<level>\w+)\] (?<message>.*)$/,
    read: ({ day, clock, zone, level, message }) => ({
      time: stamp(day, clock, zone),
      level: levelOf(level),
      message: message ?? '',
    }),
  },
  // uWSGI with a log date, and anything else that begins with a whole moment: 2026-11-21T05:00:00+0000 - message
  {
    pattern: new RegExp(
      String.raw`^\[?${DAY}T${CLOCK}(?<zone>Z|[+-]\d\d:?\d\d)?\]?(?: - |:? )(?:\[?(?<level>${NAMES})\]?:? )?(?<message>.*)$`,
    ),
    read: ({ day, clock, zone, level, message }) => ({
      time: stamp(day, clock, zone),
      ...(level === undefined ? {} : { level: levelOf(level) }),
      message: message ?? '',
    }),
  },
  // What projects make of logging's asctime, supervisord, Daphne: 2026-11-21 05:00:00,123 [- ]INFO[ name] message; [INFO] likewise
  {
    pattern: new RegExp(String.raw`^\[?${DAY} ${CLOCK}\]?:?(?: -)? \[?(?<level>${NAMES})\]?:? +(?<message>.*)$`),
    read: ({ day, clock, level, message }) => ({ time: stamp(day, clock), level: levelOf(level), message: message ?? '' }),
  },
  {
    pattern: new RegExp(String.raw`^\[?(?<level>${NAMES})\]?:? \[?${DAY} ${CLOCK}\]? (?<message>.*)$`),
    read: ({ day, clock, level, message }) => ({ time: stamp(day, clock), level: levelOf(level), message: message ?? '' }),
  },
  // Any other text after a moment.
  {
    pattern: new RegExp(String.raw`^\[?${DAY} ${CLOCK}\]?:? (?<message>.*)$`),
    read: ({ day, clock, message }) => ({ time: stamp(day, clock), message: message ?? '' }),
  },
  // Django's development format: [21/Nov/2026 05:00:00] "GET / HTTP/1.1" 200 5
  {
    pattern:
      /^\[(?<date>\d\d)\/(?<month>[A-Z][a-z]{2})\/(?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d)\] (?:(?<level>[A-Z]+) )?(?<message>.*)$/,
    read: ({ date, month, year, clock, level, message }) => ({
      time: stamp(`${year}-${monthNumber(month)}-${date}`, clock),
      ...(level === undefined ? {} : { level: levelOf(level) }),
      message: message ?? '',
    }),
  },
  // Uvicorn: `INFO:     Started server process [1]`; Granian: `[INFO] Starting granian`; logging.basicConfig: `WARNING:root:…`
  {
    pattern: new RegExp(String.raw`^(?:\[(?<bracketed>${NAMES})\]|(?<level>${NAMES}):)\s*(?<message>.*)$`),
    read: ({ bracketed, level, message }) => ({ level: levelOf(bracketed ?? level), message: message ?? '' }),
  },
];

/** Slipway's own formatter, nginx's access log, and what projects write with a JSON formatter of theirs. */
function json(line: string): ParsedLine | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  const value = objectIn(line);
  if (value === undefined) return undefined;
  const { time, timestamp, asctime, level, levelname, severity, message, msg, event, ...fields } = value;
  const written = [time, timestamp, asctime].find((one) => typeof one === 'string');
  const name = [level, levelname, severity].find((one) => typeof one === 'string');
  const text = [message, msg, event].find((one) => typeof one === 'string');
  if (text === undefined && typeof fields['status'] === 'number' && typeof fields['path'] === 'string')
    return access(written, fields);
  if (text === undefined) return undefined;
  return {
    ...(typeof written === 'string' ? { time: rfc3339(written) } : {}),
    ...(typeof name === 'string' ? { level: levelOf(name) } : {}),
    message: String(text),
    fields,
  };
}

function access(time: unknown, fields: Record<string, unknown>): ParsedLine {
  const status = Number(fields['status']);
  return {
    ...(typeof time === 'string' ? { time: withMilliseconds(rfc3339(time), fields['epoch']) } : {}),
    level: status >= 500 ? 'error' : 'info',
    message: `${fields['method']} ${fields['path']} ${status}`,
    fields,
  };
}

/** nginx writes whole seconds in the readable time; `$msec` has the rest. */
function withMilliseconds(time: string, epoch: unknown): string {
  return typeof epoch === 'number' && Number.isFinite(epoch) ? new Date(Math.round(epoch * 1000)).toISOString() : time;
}

const rfc3339 = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(',', '.');

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
