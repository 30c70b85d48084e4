import type { Deployment, Way } from './try-deployment.js';

const HEAD = ['project', 'served by', 'plan: changes', '`deploy`', '`deploy` again', '`verify`: looks', '`remove`', 'result'];

/** One line of the table, as its cells. */
const cellsOf = ({ edge, server }: Way, seen: Deployment): string[] => [
  seen.name,
  server === 'default' ? edge : `${edge}, ${server}`,
  `${seen.changes} in ${seconds(seen.plan)}`,
  seconds(seen.deploy),
  seconds(seen.again),
  `${seen.looks} in ${seconds(seen.verify)}`,
  seconds(seen.remove),
  seen.failing.length === 0 ? 'live' : seen.failing.join('; ').replaceAll('|', '\\|').replaceAll('\n', ' '),
];

const seconds = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;

/** What was seen, as a table of markdown. */
export const markdown = (way: Way, all: readonly Deployment[]): string =>
  [HEAD, HEAD.map(() => '---'), ...all.map((seen) => cellsOf(way, seen))].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
