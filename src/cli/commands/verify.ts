import { Failure } from '../../core/failure.js';
import type { VerifyCheck } from '../../flows/results.js';
import { verifyLines } from '../views/verify-view.js';
import { examples, type Register } from './register.js';

/** `slipway verify` */
export const registerVerify: Register = (program, perform) => {
  program
    .command('verify')
    .summary('look at what is live as a visitor, and an attacker, would')
    .description(
      'Asks the live app what `up` asks it after each release: a page over HTTPS, its headers, the redirect, foreign host names, debug pages, ' +
        'static files. Changes nothing. Exits with 4 when an answer is not as it must be.',
    )
    .addHelpText('after', examples('slipway verify', 'slipway verify --json'))
    .action((_raw: object, command) =>
      perform(command, {}, async ({ flows, context, out }) => {
        const result = await flows.verify(context);
        const failure = failureOf(result.checks);
        return { result, out: verifyLines(result.checks, out.paint), ...(failure === undefined ? {} : { failure }) };
      }),
    );
};

function failureOf(checks: readonly VerifyCheck[]): Failure | undefined {
  const failed = checks.filter(({ ok }) => !ok);
  const [first] = failed;
  if (first === undefined) return undefined;
  return new Failure(
    'VERIFY_FAILED',
    'project',
    `${failed.length} of ${checks.length} checks failed; the first: ${first.name}: ${first.problem}`,
    { hint: failed.length === checks.length ? 'slipway status' : 'slipway logs web' },
  );
}
