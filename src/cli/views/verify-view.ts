import type { VerifyCheck } from '../../flows/results.js';
import { cleanLine } from '../../reporters/line-width.js';
import type { Paint } from '../../reporters/paint.js';

/** Every check, what is not as it must be last, with what was seen instead. */
export function verifyLines(checks: readonly VerifyCheck[], paint: Paint): string[] {
  const failed = checks.filter(({ ok }) => !ok);
  const passed = checks.filter(({ ok }) => ok);
  return [
    ...passed.map(({ name }) => `  ${paint.good('✔')} ${name}`),
    ...failed.flatMap(({ name, problem }) => [
      `  ${paint.bad('✖')} ${name}`,
      ...(problem === undefined ? [] : [`      ${cleanLine(problem)}`]),
    ]),
    '',
    failed.length === 0 ? `  All ${checks.length} checks passed` : `  ${failed.length} of ${checks.length} checks failed`,
  ];
}
