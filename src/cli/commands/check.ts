import { Failure } from '../../core/failure.js';
import type { Finding } from '../../flows/results.js';
import { checkLines, openErrors } from '../views/check-view.js';
import { examples, type Register } from './register.js';

/** `slipway check [DIR]` */
export const registerCheck: Register = (program, perform) => {
  program
    .command('check')
    .summary('what was detected, what is wrong for production, how to mend it')
    .description(
      'Says what was detected and from where, what is wrong for production, worst first, each with its mend, and which settings Slipway holds ' +
        'and why. Changes nothing. Exits with 4 when there are errors that Slipway does not hold right by itself.',
    )
    .argument('[dir]', "the project's folder")
    .addHelpText('after', examples('slipway check', 'slipway check shop --json'))
    .action((directory: string | undefined, _raw: object, command) =>
      perform(command, { directory }, async ({ flows, context, out }) => {
        const { warnings, ...result } = await flows.check(context);
        const failure = failureOf(openErrors(result.findings));
        const lines = checkLines({ ...result, warnings }, out.paint, out.columns());
        return {
          result: { ...result, environment: context.environment },
          out: lines,
          warnings,
          ...(failure === undefined ? {} : { failure }),
        };
      }),
    );
};

function failureOf(errors: readonly Finding[]): Failure | undefined {
  const [worst] = errors;
  if (worst === undefined) return undefined;
  const message = errors.length === 1 ? worst.message : `${errors.length} errors found; the first: ${worst.message}`;
  return new Failure('CHECK_FOUND_ERRORS', 'project', message, {
    hint: worst.hint,
    detail: errors.map((error) => `${error.where === '' ? '' : `${error.where}: `}${error.message}`).join('\n'),
  });
}
