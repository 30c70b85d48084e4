import type { Command } from '../core/command.js';
import type { Level } from './log-formats.js';
import { parseLine } from './log-lines.js';

/** One line of systemd's journal. */
export interface JournalEntry {
  /** RFC 3339, in UTC, with milliseconds. */
  readonly time: string;
  /** `shop-web@20261121-104512-3f9c2e1.service` */
  readonly unit: string;
  readonly level: Level;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The newest lines of the units that match a pattern, the oldest first; with `follow`, what comes after them until it is ended.
 * https://www.freedesktop.org/software/systemd/man/latest/journalctl.html
 */
export const journalCommand = (pattern: string, options: { readonly lines: number; readonly follow: boolean }): Command => ({
  argv: [
    'journalctl',
    '--output=json',
    '--no-pager',
    '--quiet',
    `--unit=${pattern}`,
    `--lines=${options.lines}`,
    ...(options.follow ? ['--follow'] : []),
  ],
});

/** syslog's numbers: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1 */
const BY_PRIORITY: readonly Level[] = ['critical', 'critical', 'critical', 'error', 'warning', 'info', 'info', 'debug'];

/** undefined for what is no line of it. What the app itself wrote says its own level and fields. */
export function parseJournalLine(line: string): JournalEntry | undefined {
  const value = object(line);
  const micros = Number(value?.['__REALTIME_TIMESTAMP']);
  if (value === undefined || !Number.isFinite(micros)) return undefined;
  const parsed = parseLine(text(value['MESSAGE']).trimEnd());
  const priority = BY_PRIORITY[Number(value['PRIORITY'])];
  return {
    time: new Date(micros / 1000).toISOString(),
    unit: String(
      value['_SYSTEMD_UNIT'] === 'init.scope' ? (value['UNIT'] ?? '') : (value['_SYSTEMD_UNIT'] ?? value['UNIT'] ?? ''),
    ),
    level: parsed.level ?? priority ?? 'info',
    message: parsed.message,
    fields: parsed.fields ?? {},
  };
}

/** A message that is not plain text comes as its bytes. */
function text(message: unknown): string {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message)) return '';
  return new TextDecoder().decode(Uint8Array.from(message.map(Number)));
}

function object(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
