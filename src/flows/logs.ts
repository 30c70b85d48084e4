import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../core/failure.js';
import { type LogEntry, logReader, mergeByTime } from '../ops/log-lines.js';
import { stateFiles } from '../targets/local/layout.js';
import { type App, openApp, slug } from './app.js';
import type { Context } from './context.js';
import { readLive } from './release-record.js';
import type { LogLine } from './results.js';

export interface LogsOptions {
  /** Only this process. */
  readonly process?: string;
  readonly follow: boolean;
  /** The newest so many lines of all together. */
  readonly lines: number;
}

/** Slipway's own, and nginx's start-up messages: nothing a person looks for. */
const NOT_SHOWN = /^(supervisor|error)$/;
const POLL_MS = 200;

/**
 * What the processes say, merged by time; with `follow`, until the signal ends it.
 * @throws Failure PROCESS_UNKNOWN (usage), NOT_UP (project)
 */
export async function logs(
  context: Context,
  options: LogsOptions,
  onLine: (line: LogLine) => void,
): Promise<{ app: string; environment: string }> {
  const app = await openApp(context);
  const result = { app: slug(basename(app.root)), environment: app.environment };
  const names = await logNames(app, options.process);
  const zone = (await readLive(app)).current?.options.timeZone ?? null;
  const logFiles = await Promise.all(names.map((name) => openLog(app, name, zone)));
  const merged = mergeByTime(await Promise.all(logFiles.map((log) => log.earlier())));
  for (const line of merged.slice(-options.lines)) onLine(line);
  while (options.follow && !context.signal.aborted) {
    await new Promise((wake) => setTimeout(wake, POLL_MS));
    for (const name of await logNames(app, options.process)) {
      if (!names.includes(name)) {
        names.push(name);
        logFiles.push(await openLog(app, name, zone));
      }
    }
    for (const line of mergeByTime(await Promise.all(logFiles.map((log) => log.later())))) onLine(line);
  }
  return result;
}

async function logNames(app: App, wanted: string | undefined): Promise<string[]> {
  const all = (await readdir(stateFiles(app.at).logs).catch((): string[] => []))
    .filter((name) => name.endsWith('.log'))
    .map((name) => name.slice(0, -4));
  const names = all.filter((name) => !NOT_SHOWN.test(name));
  if (names.length === 0)
    throw new Failure('NOT_UP', 'project', `${app.root} has no logs in ${app.environment}`, { hint: 'slipway up' });
  if (wanted === undefined) return names;
  const own = all.filter((name) => name === wanted || name.replace(/-\d+$/, '') === wanted);
  if (own.length > 0) return own;
  throw new Failure('PROCESS_UNKNOWN', 'usage', `There is no process ${wanted}`, { hint: `one of: ${names.join(', ')}` });
}

interface OpenLog {
  earlier(): Promise<LogLine[]>;
  later(): Promise<LogLine[]>;
}

/** One process's log: the file and the one rotated before it, then whatever is added. */
async function openLog(app: App, name: string, zone: string | null): Promise<OpenLog> {
  const path = `${stateFiles(app.at).logs}/${name}.log`;
  const made = await stat(path).catch(() => undefined);
  const read = logReader({ since: (made?.birthtime ?? new Date()).toISOString(), ...(zone === null ? {} : { zone }) });
  const told = (line: string): LogLine => toLine(name, read(line));
  let position = 0;
  let rest = '';
  const take = (text: string): LogLine[] => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    return lines.filter((line) => line.trim() !== '').map(told);
  };
  return {
    earlier: async () => {
      const older = await readFile(`${path}.1`, 'utf8').catch(() => '');
      const text = await readFile(path, 'utf8').catch(() => '');
      position = Buffer.byteLength(text);
      return take(older + text);
    },
    later: async () => {
      const size = (await stat(path).catch(() => undefined))?.size ?? 0;
      // Rotated: a new file began.
      if (size < position) position = 0;
      if (size === position) return [];
      const file = await open(path);
      try {
        const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - position), position });
        position += bytesRead;
        return take(buffer.subarray(0, bytesRead).toString('utf8'));
      } finally {
        await file.close();
      }
    },
  };
}

const toLine = (process: string, { time, level, message, fields }: LogEntry): LogLine => ({
  ...fields,
  time,
  process,
  level,
  message,
});
