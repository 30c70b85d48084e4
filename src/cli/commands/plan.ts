import { planLines } from '../views/plan-view.js';
import { examples, type Register } from './register.js';

/** `slipway plan` */
export const registerPlan: Register = (program, perform) => {
  program
    .command('plan')
    .summary('show what a deployment would change, and touch nothing')
    .description(
      'Looks at the server of an environment and shows each thing a deployment would change there, with its difference. What cannot be ' +
        'known before it is done (the migrations of code that is not there yet) is shown as unknown. Nothing is changed.',
    )
    .addHelpText('after', examples('slipway plan -e production', 'slipway plan -e production --json'))
    .action((_raw: object, command) =>
      perform(command, {}, async (session) => {
        const result = await session.flows.plan(session.context);
        return { result, out: planLines(result, session), warnings: result.warnings };
      }),
    );
};
