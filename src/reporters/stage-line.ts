import { duration } from './duration.js';
import { columns, padTo, truncate, wrap } from './line-width.js';
import type { Paint } from './paint.js';

export type StageState = 'done' | 'failed' | 'stopped' | { readonly frame: number };

export interface StageLine {
  readonly state: StageState;
  readonly stage: string;
  readonly text: string;
  readonly seconds: number;
}

const STAGE_WIDTH = 11;
const INDENT = 4 + STAGE_WIDTH;
/** Where the times end on a wide terminal. */
const RIGHT = 89;
const LEAST_TEXT = 12;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * A finished stage: `  ✔ build      41 packages        6.1 s`, its words wrapped below themselves where the terminal is narrow.
 * @param width columns of the terminal; no line is as wide as that
 */
export function stageLines(line: StageLine, width: number, paint: Paint): string[] {
  const right = Math.min(RIGHT, width - 1);
  const time = line.seconds >= 0.05 ? duration(line.seconds) : '';
  const [first = '', ...rest] = wrap(line.text, Math.max(LEAST_TEXT, right - INDENT - 2 - Math.max(8, columns(time))));
  const head = `  ${symbol(line.state, paint)} ${padTo(paint.strong(line.stage), STAGE_WIDTH)}`;
  const body = padTo(first, right - INDENT - columns(time));
  return [(head + body + paint.faint(time)).trimEnd(), ...rest.map((text) => ' '.repeat(INDENT) + text)];
}

/** A running stage in exactly one line, cut to the terminal. */
export function liveLine(line: StageLine, width: number, paint: Paint): string {
  const time = duration(line.seconds);
  const right = Math.min(RIGHT, width - 1);
  const room = right - INDENT - columns(time) - 1;
  const head = `${symbol(line.state, paint)} ${padTo(paint.strong(line.stage), STAGE_WIDTH)}`;
  if (room < LEAST_TEXT) return truncate(`${plainSymbol(line.state)} ${line.stage} ${time}`, Math.max(0, right));
  return `  ${head}${padTo(truncate(line.text, room), room + 1)}${paint.faint(time)}`;
}

function symbol(state: StageState, paint: Paint): string {
  const character = plainSymbol(state);
  if (state === 'failed') return paint.bad(character);
  return state === 'stopped' ? paint.doubtful(character) : paint.good(character);
}

function plainSymbol(state: StageState): string {
  if (state === 'done') return '✔';
  if (state === 'failed') return '✖';
  return state === 'stopped' ? '–' : (FRAMES[state.frame % FRAMES.length] ?? '·');
}
