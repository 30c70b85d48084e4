import type { PlanResult } from '../../flows/results.js';
import type { Session } from '../session.js';

const MARK = { same: '=', change: '~', unknown: '?' } as const;

/** Every change with its difference; what stays as it is, as a number. */
export function planLines({ steps, hosts, release }: PlanResult, { out }: Session): string[] {
  const { paint } = out;
  const changing = steps.filter(({ change }) => change.kind !== 'same');
  const same = steps.length - changing.length;
  const lines = changing.flatMap(({ title, stage, host, change }) => [
    `  ${MARK[change.kind]} ${stage.padEnd(8)} ${hosts.length > 1 ? `${host}   ` : ''}${title}`,
    ...(change.kind === 'change' && change.diff !== undefined
      ? change.diff
          .trimEnd()
          .split('\n')
          .map((line) => `      ${paint.faint(line)}`)
      : []),
  ]);
  return [
    `  ${paint.strong(hosts.join(', '))}   ${release === null ? 'no release yet' : `release ${release} is live`}`,
    ...lines,
    `  ${changing.length} to change, ${same} as they must be`,
  ];
}
