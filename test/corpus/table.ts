import type { Row } from './row.js';
import type { WholeRun } from './table-file.js';

const HEAD = [
  'project',
  'commit',
  'result',
  'seconds',
  'with the slipway.yml of `init`',
  'second `up`',
  'detected',
  'overridden',
  'warnings',
  'failing check',
];

const ABOUT = `Live means: \`up\` ends well; over HTTPS a page that needs no log-in has the text it should have, its styles, scripts and images are there, the hashed ones
cached for long; http leads to https; a foreign Host is refused; an unknown path shows no debug page; a superuser made through \`slipway exec\` logs in
to the admin, with a cookie that is Secure and HttpOnly; nothing was written in the checkout; after \`down\` no process, port, mount or temporary file is left. The
seconds are those of all that, on two cores that had other work too. The second \`up\` is of a changed file, with requests coming all the while.`;

/** The rows as a page: what came up, what did not and why. */
export function markdown(rows: readonly Row[], whole?: WholeRun): string {
  return `${[
    '# Real projects',
    '',
    '<!-- Written by `npm run corpus`; docs/corpus.json holds the same. -->',
    '',
    [summary(rows), ...(whole === undefined ? [] : [wholeRun(whole)])].join(' '),
    '',
    ABOUT,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows.map((row) => line(cellsOf(row))),
  ].join('\n')}\n`;
}

/** One repository can hold several Django projects: it counts once, and only where all of them do. */
const repositories = (rows: readonly Row[]): number => new Set(rows.map(({ repository }) => repository)).size;

function summary(rows: readonly Row[]): string {
  const tried = rows.filter(({ result }) => result !== 'absent');
  const live = repositories(tried) - repositories(tried.filter(({ result }) => result !== 'live'));
  const asked = tried.filter(({ proposed }) => proposed !== undefined);
  const proposed = repositories(asked) - repositories(asked.filter((row) => row.proposed?.result !== 'live'));
  const days = [...new Set(tried.flatMap(({ tried: day }) => day ?? []))].sort();
  const second =
    asked.length === 0
      ? ''
      : ` With the slipway.yml that \`slipway init --yes\` proposes, at most five blanks filled in: ${proposed} of ${repositories(asked)}.`;
  return `${live} of ${repositories(tried)} projects are live after one \`slipway up\` with nothing given, every check included: ${minutes(tried)} minutes, were they tried one after the other.${second} Tried on ${days.join(' and ')}.`;
}

/** Of what the table's seconds are of. */
const minutes = (rows: readonly Row[]): number => Math.round(rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60);

const wholeRun = ({ seconds, jobs, cores, proposed, day }: WholeRun): string =>
  `The whole ladder in one go, ${jobs} at a time on ${cores} cores${proposed ? ', everything below included' : ''}: ${Math.round(seconds / 60)} minutes (${day}).`;

function cellsOf(row: Row): string[] {
  const { proposed } = row;
  const again = proposed?.again;
  return [
    `[${row.project}](https://github.com/${row.repository})`,
    row.commit?.slice(0, 10) ?? '',
    row.result,
    row.result === 'absent' ? '' : String(Math.round(row.seconds)),
    proposed === undefined
      ? ''
      : [`${proposed.result}, ${Math.round(proposed.seconds)} s`, ...proposed.filled.map((name) => `${name} filled in`)].join(
          '<br>',
        ),
    again === undefined ? '' : `${Math.round(again.seconds)} s, none of ${again.requests} requests failed`,
    row.detected.join(' · '),
    row.overridden.join(', '),
    plain([...row.notes, ...(row.config === undefined ? [] : [`slipway.yml: ${row.config.trim()}`]), ...row.warnings]),
    plain([
      ...row.failing,
      ...(row.withNothing ?? []).map((problem) => `with nothing: ${problem}`),
      ...(row.result === 'live' ? (proposed?.failing ?? []).map((problem) => `with the slipway.yml of init: ${problem}`) : []),
    ]),
  ];
}

/** Several messages in one cell; what looks like a tag in them is none. */
const plain = (texts: readonly string[]): string => texts.map((text) => text.replaceAll('<', '&lt;')).join('<br>');

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');

/**
 * The rows of an earlier run with those of this one in their places, so that a part of the ladder can be run alone. What was seen of the same
 * commit with a slipway.yml stays, where this run has not tried that.
 */
export function merged(earlier: readonly Row[], now: readonly Row[], order: readonly string[]): Row[] {
  const known = new Map(earlier.map((row) => [row.project, row]));
  const fresh = now.map((row): Row => {
    const { commit, proposed } = known.get(row.project) ?? {};
    return row.proposed !== undefined || proposed === undefined || commit !== row.commit ? row : { ...row, proposed };
  });
  const all = new Map([...earlier, ...fresh].map((row) => [row.project, row]));
  return order.flatMap((project) => all.get(project) ?? []);
}
