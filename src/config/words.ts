import { Failure } from '../core/failure.js';

export type Split =
  | { readonly words: readonly string[] }
  | { readonly problem: string; readonly hint: string; readonly at: number };

/** What a shell would act on, and why it is refused: no shell ever sees the command. */
const SHELL_ONLY: Readonly<Record<string, string>> = {
  '|': 'a pipe',
  '&': 'a background or "and" sign',
  ';': 'a list of commands',
  '<': 'a redirection',
  '>': 'a redirection',
  '(': 'a subshell',
  ')': 'a subshell',
  $: 'a variable',
  '`': 'a command substitution',
  '*': 'a file pattern',
  '?': 'a file pattern',
  '[': 'a file pattern',
  '\n': 'a second line',
};
const IN_DOUBLE_QUOTES = new Set(['$', '`']);
const LITERALLY = 'write the command as a list of words, which are taken literally, or put it into a script';

/**
 * A command's words as POSIX sh would split them: quotes and backslashes work, nothing is expanded. What only a shell could do
 * (`$`, pipes, `;`, patterns, …) is a problem; `at` is its index in the text.
 */
export function splitWords(text: string): Split {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    const piece = readPiece(text, at, word === undefined);
    if ('problem' in piece) return piece;
    word = (word ?? '') + piece.text;
    at = piece.end;
  }
  if (word !== undefined) words.push(word);
  return words[0] ? checkProgram(words, text) : { problem: 'is empty', hint: 'name a program: python manage.py …', at: 0 };
}

/** @throws Failure CONFIG_COMMAND (config) that shows the command and names the offending character */
export function commandWords(text: string): readonly string[] {
  const split = splitWords(text);
  if ('words' in split) return split.words;
  throw new Failure('CONFIG_COMMAND', 'config', `The command ${JSON.stringify(text)} ${split.problem}`, { hint: split.hint });
}

type Piece = { readonly text: string; readonly end: number } | Exclude<Split, { readonly words: readonly string[] }>;

function readPiece(text: string, at: number, first: boolean): Piece {
  const character = text[at] ?? '';
  if (character === "'") return singleQuoted(text, at);
  if (character === '"') return doubleQuoted(text, at);
  if (character === '\\') return escaped(text, at);
  const meaning = SHELL_ONLY[character] ?? (first ? atStart(character) : undefined);
  return meaning === undefined ? { text: character, end: at + 1 } : refuse(character, meaning, at);
}

const atStart = (character: string): string | undefined =>
  character === '~' ? 'a home directory' : character === '#' ? 'a comment' : undefined;

function refuse(character: string, meaning: string, at: number): Piece {
  const shown = character === '\n' ? '' : ` (${character})`;
  return { problem: `has ${meaning}${shown}, which only a shell could act on`, hint: `quote it, ${LITERALLY}`, at };
}

function singleQuoted(text: string, at: number): Piece {
  const end = text.indexOf("'", at + 1);
  if (end < 0) return { problem: "has a single quote (') that is never closed", hint: `close it, or ${LITERALLY}`, at };
  return { text: text.slice(at + 1, end), end: end + 1 };
}

function doubleQuoted(text: string, start: number): Piece {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return { text: value, end: at + 1 };
    if (IN_DOUBLE_QUOTES.has(character)) return refuse(character, SHELL_ONLY[character] ?? '', at);
    if (character !== '\\') value += character;
    else {
      at += 1;
      // POSIX 2.2.3: inside double quotes a backslash is itself, except before these.
      const next = text[at] ?? '';
      if (next !== '\n') value += '$`"\\'.includes(next) ? next : `\\${next}`;
    }
  }
  return { problem: 'has a double quote (") that is never closed', hint: `close it, or ${LITERALLY}`, at: start };
}

function escaped(text: string, at: number): Piece {
  const next = text[at + 1];
  if (next === undefined) return { problem: 'ends in a backslash', hint: `take it away, or ${LITERALLY}`, at };
  return { text: next === '\n' ? '' : next, end: at + 2 };
}

function checkProgram(words: readonly string[], text: string): Split {
  const assignment = /^\s*([A-Za-z_]\w*)=/.exec(text)?.[1];
  if (assignment === undefined) return { words };
  return {
    problem: `begins with a variable (${assignment}=…)`,
    hint: `give it under env: instead, or run it through env(1)`,
    at: 0,
  };
}
