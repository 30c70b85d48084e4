import { type Paint, paint } from '../reporters/paint.js';
import { plainCharacters } from '../reporters/plain-characters.js';
import type { Output, Surroundings } from './surroundings.js';

type Env = Surroundings['env'];

/** How text looks on one output: its colours, its width, its characters. */
export interface Look {
  readonly paint: Paint;
  readonly columns: () => number;
  readonly write: (text: string) => void;
  /** Somebody watches, and lines can be redrawn. */
  readonly live: boolean;
}

/** NO_COLOR (https://no-color.org), FORCE_COLOR (https://force-color.org), CI, TERM and the locale, heard in this order. */
export function lookOf(output: Output, env: Env, color: boolean): Look {
  const dumb = env['TERM'] === 'dumb';
  const live = output.isTTY && !dumb && !isCi(env);
  const unicode = speaksUnicode(env);
  return {
    paint: paint(color && !env['NO_COLOR'] && (forced(env) ?? live)),
    columns: output.columns,
    write: unicode ? output.write : (text) => output.write(plainCharacters(text)),
    live,
  };
}

/** Whether nobody is there to answer or to watch. */
export const isCi = (env: Env): boolean => env['CI'] !== undefined && !['', '0', 'false'].includes(env['CI']);

function forced(env: Env): boolean | undefined {
  const force = env['FORCE_COLOR'];
  if (force === undefined || force === '') return undefined;
  return force !== '0' && force !== 'false';
}

function speaksUnicode(env: Env): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale !== undefined && /utf-?8/i.test(locale);
}
