import type { CheckResult, Finding, Severity } from '../../flows/results.js';
import { cleanLine, padTo, truncate, wrap } from '../../reporters/line-width.js';
import type { Paint } from '../../reporters/paint.js';
import { table } from './table.js';
import { valueText } from './value-text.js';

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];
const WORD_WIDTH = 8;

/** What is wrong and not held right by `up` anyway, as errors. */
export const openErrors = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => finding.severity === 'error' && !finding.handled);

/** The project, what is wrong with it worst first, and what `up` holds differently. */
export function checkLines(result: CheckResult, paint: Paint, columns: number): string[] {
  const open = worstFirst(result.findings.filter((finding) => !finding.handled));
  const handled = worstFirst(result.findings.filter((finding) => finding.handled));
  return [
    `  ${paint.strong(result.app)}   ${summary(open, handled.length)}`,
    ...section('Project', projectTable(result, paint, columns), paint),
    ...section(
      'Findings',
      open.flatMap((finding) => findingLines(finding, paint, columns)),
      paint,
    ),
    ...section(
      'Wrong in the project, held right by Slipway',
      handled.flatMap((finding) => handledLines(finding, paint, columns)),
      paint,
    ),
    ...section('Settings that Slipway holds', overrideTable(result, paint, columns), paint),
  ];
}

const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));

const section = (title: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : ['', `  ${paint.strong(title)}`, ...lines];

function summary(open: readonly Finding[], handled: number): string {
  const count = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
  const parts = [counted(count('error'), 'error'), counted(count('warning'), 'warning'), counted(count('info'), 'remark')];
  if (handled > 0) parts.push(`${handled} held right by Slipway`);
  return parts.filter((part) => part !== '').join(' · ') || 'nothing found wrong';
}

const counted = (count: number, word: string): string => (count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`);

function projectTable({ project }: CheckResult, paint: Paint, columns: number): string[] {
  const room = Math.max(20, Math.floor(columns / 2) - 8);
  return table(
    Object.entries(project).map(([name, { value, from }]) => [
      `  ${words(name)}`,
      truncate(cleanLine(valueText(value)), room),
      paint.faint(cleanLine(from)),
    ]),
  );
}

/** `settingsModule` as `settings module`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function findingLines(finding: Finding, paint: Paint, columns: number): string[] {
  const [first = '', ...rest] = wrap(finding.message, columns - WORD_WIDTH - 6);
  const indent = ' '.repeat(WORD_WIDTH + 4);
  return [
    `  ${symbol(finding.severity, paint)} ${padTo(finding.severity === 'info' ? 'remark' : finding.severity, WORD_WIDTH)}${first}`,
    ...rest.map((line) => indent + line),
    indent + paint.faint([finding.where, finding.id].filter((text) => text !== '').join('   ')),
    ...(finding.hint === '' ? [] : finding.hint.split('\n').map((line) => `${indent}→ ${paint.good(line)}`)),
  ];
}

function symbol(severity: Severity, paint: Paint): string {
  if (severity === 'error') return paint.bad('✖');
  return severity === 'warning' ? paint.doubtful('⚠') : paint.faint('·');
}

function handledLines({ message, where }: Finding, paint: Paint, columns: number): string[] {
  const [first = '', ...rest] = wrap(where === '' ? message : `${message} (${where})`, columns - 6);
  return [`  ${paint.good('✔')} ${first}`, ...rest.map((line) => `    ${line}`)];
}

function overrideTable({ overrides }: CheckResult, paint: Paint, columns: number): string[] {
  const width = Math.max(0, ...overrides.map(({ setting }) => setting.length)) + 7;
  return overrides.flatMap(({ setting, reason }) => {
    const [first = '', ...rest] = wrap(reason, columns - width - 1);
    return [
      `    ${padTo(setting, width - 4)}${paint.faint(first)}`,
      ...rest.map((line) => ' '.repeat(width) + paint.faint(line)),
    ];
  });
}
