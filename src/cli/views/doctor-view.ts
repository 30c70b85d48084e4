import type { DoctorEntry } from '../../flows/results.js';
import { columns, padTo } from '../../reporters/line-width.js';
import type { Paint } from '../../reporters/paint.js';

/** What this machine has and lacks for this project, what is lacking last, each with the command that brings it. */
export function doctorLines(entries: readonly DoctorEntry[], paint: Paint): string[] {
  const lacking = entries.filter((entry) => !entry.ok);
  const width = Math.max(0, ...entries.map((entry) => columns(entry.name)));
  const line = ({ name, ok, found, neededBy }: DoctorEntry) =>
    `  ${ok ? paint.good('✔') : paint.bad('✖')} ${padTo(name, width)}   ${found}${neededBy === '' ? '' : paint.faint(`   for ${neededBy}`)}`;
  const mend = ({ mend }: DoctorEntry) => (mend === '' ? [] : [`    ${' '.repeat(width)}   → ${paint.good(mend)}`]);
  return [
    ...entries.filter((entry) => entry.ok).map(line),
    ...lacking.flatMap((entry) => [line(entry), ...mend(entry)]),
    '',
    lacking.length === 0 ? '  Nothing is missing' : `  ${lacking.length} missing`,
  ];
}
