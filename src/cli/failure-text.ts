import { join } from 'node:path';
import type { Failure, Warning } from '../core/failure.js';
import { docsPage } from '../reporters/failure-object.js';
import { wrap } from '../reporters/line-width.js';
import type { Paint } from '../reporters/paint.js';

export interface FailureTextOptions {
  readonly paint: Paint;
  readonly columns: number;
  readonly verbose: boolean;
  readonly packageRoot: string;
  /** Where the events of this command were written. */
  readonly journal?: string;
}

const DETAIL_LINES = 30;

/** A failure as a person reads it: what, the supporting lines, what to do now, where more is written. */
export function failureLines(failure: Failure, options: FailureTextOptions): string[] {
  const { paint, columns } = options;
  if (failure.kind === 'cancelled') return [`  ${paint.doubtful('–')} ${failure.message}`, ...hintLines(failure, options)];
  const [first = '', ...rest] = failure.message.split('\n').flatMap((line) => wrap(line, columns - 5));
  const head = [`  ${paint.bad('✖')} ${paint.strong(first)}`, ...rest.map((line) => `    ${paint.strong(line)}`)];
  return failure.kind === 'bug'
    ? [...head, ...bugLines(failure, options)]
    : [...head, ...detailLines(failure.detail, options), ...hintLines(failure, options), ...docsLines(failure, options)];
}

function bugLines(failure: Failure, options: FailureTextOptions): string[] {
  const stack = failure.cause instanceof Error ? failure.cause.stack : failure.stack;
  return [
    `    This is a bug in Slipway, not in your project. Please report it (${join(options.packageRoot, docsPage(failure.code))} says where), with:`,
    ...(options.journal === undefined ? [] : [`    the journal  ${options.journal}`]),
    ...detailLines(failure.detail, options),
    ...detailLines(stack, { ...options, verbose: true }).slice(0, -1),
  ];
}

function detailLines(detail: string | undefined, { paint, verbose }: FailureTextOptions): string[] {
  if (detail === undefined || detail.trim() === '') return [];
  const lines = detail.trimEnd().split('\n');
  const left = verbose ? 0 : Math.max(0, lines.length - DETAIL_LINES);
  const omitted = left === 0 ? [] : [`    ${paint.faint(`… ${left} lines more with --verbose`)}`];
  return ['', ...omitted, ...lines.slice(left).map((line) => `    ${paint.faint(harmless(line))}`), ''];
}

function hintLines({ hint }: Failure, { paint }: FailureTextOptions): string[] {
  return (hint ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `    → ${paint.good(line)}`);
}

const docsLines = ({ code }: Failure, { paint, packageRoot }: FailureTextOptions): string[] => [
  `    ${paint.faint(`${code}: ${join(packageRoot, docsPage(code))}`)}`,
];

/** A line that keeps its indentation and loses what a terminal would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const harmless = (line: string): string => line.replace(/\x1b\[[0-?]*[ -/]*[@-~]/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');

/** Warnings, each once, as a person reads them after the result. */
export function warningLines(warnings: readonly Warning[], paint: Paint, columns: number): string[] {
  return warnings.flatMap(({ message, hint }) => {
    const [first = '', ...rest] = message.split('\n').flatMap((line) => wrap(line, columns - 5));
    const head = [`  ${paint.doubtful('⚠')} ${first}`, ...rest.map((line) => `    ${line}`)];
    return hint === undefined ? head : [...head, `    → ${paint.good(hint)}`];
  });
}
