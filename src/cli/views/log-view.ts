import type { LogLine } from '../../flows/results.js';
import { cleanLine, padTo } from '../../reporters/line-width.js';
import type { Paint } from '../../reporters/paint.js';

const LEAST_NAME = 6;

/**
 * Shows log lines one after the other: time, process in a colour of its own, message, and below it the trace-back that came with it. Remembers
 * the longest name, so that messages align.
 */
export function logView(paint: Paint): (line: LogLine) => string[] {
  const hues = new Map<string, number>();
  let width = LEAST_NAME;
  return (line) => {
    const host = line['host'];
    const from = typeof host === 'string' ? `${host} ${line.process}` : line.process;
    width = Math.max(width, from.length);
    if (!hues.has(from)) hues.set(from, hues.size);
    const name = paint.hue(hues.get(from) ?? 0, padTo(cleanLine(from), width));
    const [first = '', ...rest] = line.message.trimEnd().split('\n').map(cleanLine);
    const indent = ' '.repeat(CLOCK_WIDTH + width + 4);
    return [
      `${paint.faint(clock(line.time))}  ${name}  ${weighed(first, line.level, paint)}`,
      ...[...rest, ...traceback(line)].map((text) => indent + text),
    ];
  };
}

const traceback = ({ exception }: LogLine): string[] =>
  typeof exception === 'string' && exception !== '' ? exception.trimEnd().split('\n').map(cleanLine) : [];

const CLOCK_WIDTH = 12;

/** The time of day here: `10:45:12.123`. */
function clock(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time.slice(0, CLOCK_WIDTH).padEnd(CLOCK_WIDTH);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function weighed(text: string, level: string, paint: Paint): string {
  if (/^(err|crit|alert|emerg|fatal)/i.test(level)) return paint.bad(text);
  if (/^warn/i.test(level)) return paint.doubtful(text);
  return /^(debug|trace)/i.test(level) ? paint.faint(text) : text;
}
