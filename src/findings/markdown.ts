import type { Finding, Severity } from './rule.js';

/** What a check came to, as far as a pull request wants to know it. */
export interface Checked {
  readonly app: string;
  readonly findings: readonly Finding[];
  readonly overrides: readonly { readonly setting: string; readonly reason: string }[];
  readonly warnings: readonly { readonly message: string; readonly hint?: string }[];
}

const WORD: Readonly<Record<Severity, string>> = { error: '❌ error', warning: '⚠️ warning', info: 'ℹ️ remark' };

/** The result as Markdown for a pull request: a table of what is open, and what Slipway holds folded away. */
export function toMarkdown({ app, findings, overrides, warnings }: Checked): string {
  const open = findings.filter(({ handled }) => !handled);
  const handled = findings.filter((finding) => finding.handled);
  return [
    `### ${text(app)}: ${summary(open, handled.length)}`,
    open.length === 0 ? '' : table(['', 'Finding', 'Where', 'Mend'], open.map(row)),
    warnings.length === 0
      ? ''
      : warnings.map(({ message, hint }) => `- ${text(message)}${hint ? `: ${code(hint)}` : ''}`).join('\n'),
    folded(
      `Wrong in the project, held right by Slipway (${handled.length})`,
      handled.map((finding) => `- ${text(finding.message)}${finding.where === '' ? '' : ` (${code(finding.where)})`}`),
    ),
    folded(
      `Settings that Slipway holds (${overrides.length})`,
      overrides.map(({ setting, reason }) => `- ${code(setting)}: ${text(reason)}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function summary(open: readonly Finding[], handled: number): string {
  const count = (severity: Severity, word: string) => {
    const number = open.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  };
  const parts = [
    ...count('error', 'error'),
    ...count('warning', 'warning'),
    ...count('info', 'remark'),
    ...(handled === 0 ? [] : [`${handled} held right by Slipway`]),
  ];
  return parts.length === 0 ? 'nothing found wrong' : parts.join(' · ');
}

const row = ({ severity, message, where, hint, id }: Finding): string[] => [
  WORD[severity],
  `${text(message)} <sub>${code(id)}</sub>`,
  where === '' ? '' : code(where),
  hint === '' ? '' : code(hint),
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const folded = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;

/** What a project says about itself must not become a link, a picture or markup. */
const text = (words: string): string =>
  words.replace(/[\\`*_{}[\]<>()#!|~@]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/\s+/g, ' ');

/** A span of code that no content can end, in one cell. */
function code(words: string): string {
  const flat = words.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}
