import { Failure } from '../core/failure.js';

/** One thing wrong at one place of the file. */
export interface Problem {
  /** `CONFIG_…` */
  readonly code: string;
  /** Index into the text. */
  readonly at: number;
  /** A sentence without a full stop. */
  readonly message: string;
  readonly hint?: string;
}

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
}

/** A configuration file's text and the name it is told by. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export function positionOf(text: string, at: number): Position {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** `slipway.yml:12:5` */
export function placeOf(source: Source, at: number): string {
  const { line, column } = positionOf(source.text, at);
  return `${source.name}:${line}:${column}`;
}

/** One Failure for all problems: the first in the message and the hint, each with its line and a caret in the detail. */
export function failureOf(source: Source, problems: readonly [Problem, ...Problem[]]): Failure {
  const sorted = problems.toSorted((a, b) => a.at - b.at);
  const [first = problems[0], ...rest] = sorted;
  const detail = [
    excerpt(source.text, first.at),
    ...rest.map((problem) => `${sentence(source, problem)}\n${excerpt(source.text, problem.at)}`),
  ];
  return new Failure(first.code, 'config', `${placeOf(source, first.at)}: ${printable(first.message)}`, {
    detail: detail.join('\n'),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}

const sentence = (source: Source, problem: Problem): string =>
  `${placeOf(source, problem.at)}: ${printable(problem.message)}${problem.hint === undefined ? '' : ` (${problem.hint})`}`;

const WIDEST = 120;

/** The line with a caret under the place; a window of a long line; what would move a terminal's cursor is shown as �. */
function excerpt(text: string, at: number): string {
  const { column } = positionOf(text, at);
  const start = at - column + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? undefined : end).trimEnd();
  const skipped = column > WIDEST - 20 ? column - 60 : 0;
  const shown = printable(line.slice(skipped, skipped + WIDEST));
  const indent = shown.slice(0, column - 1 - skipped).replace(/[^\t]/gu, ' ');
  return `    ${shown}\n    ${indent}^`;
}

const printable = (line: string): string => line.replace(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\ufffd');
