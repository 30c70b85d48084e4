import type { Row } from './row.js';

/** The rows as a page: what came up, what did not and why, then each project's own lines. */
export function markdown(rows: readonly Row[], when: Date): string {
  const tried = rows.filter(({ result }) => result !== 'absent');
  const live = tried.filter(({ result }) => result === 'live');
  const helped = tried.filter(({ result }) => result === 'live with slipway.yml');
  return `${[
    '# Real projects',
    '',
    '<!-- Written by `npm run corpus`; docs/corpus.json holds the same. -->',
    '',
    `${live.length} of ${tried.length} projects are live after one \`slipway up\`, every check included, and ${live.length + helped.length} with the slipway.yml that \`slipway init\` proposes and at most five keys more, in ${minutes(rows)} minutes. Run of ${when.toISOString().slice(0, 10)}.`,
    '',
    line(['project', 'commit', 'result', 'seconds', 'detected', 'overridden', 'warnings', 'failing check']),
    line(Array<string>(8).fill('---')),
    ...rows.map((row) =>
      line([
        `[${row.project}](https://github.com/${row.repository})`,
        row.commit?.slice(0, 10) ?? '',
        row.result,
        row.result === 'absent' ? '' : String(Math.round(row.seconds)),
        row.detected.join(' · '),
        row.overridden.join(', '),
        [...row.notes, ...(row.config === undefined ? [] : [`slipway.yml: ${row.config.trim()}`]), ...row.warnings].join('<br>'),
        [...row.failing, ...(row.withNothing ?? []).map((problem) => `with nothing: ${problem}`)].join('<br>'),
      ]),
    ),
  ].join('\n')}\n`;
}

const minutes = (rows: readonly Row[]): number => Math.round(rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60);

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');

/** The rows of an earlier run with those of this one in their places, so that a part of the ladder can be run alone. */
export function merged(earlier: readonly Row[], now: readonly Row[], order: readonly string[]): Row[] {
  const all = new Map([...earlier, ...now].map((row) => [row.project, row]));
  return order.flatMap((project) => all.get(project) ?? []);
}
