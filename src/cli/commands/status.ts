import { statusLines } from '../views/status-view.js';
import { examples, type Register } from './register.js';

/** `slipway status [DIR]` */
export const registerStatus: Register = (program, perform) => {
  program
    .command('status')
    .summary('what runs, since when, in which release')
    .description('Shows the live release with its address, every process and every service.')
    .argument('[dir]', "the project's folder")
    .addHelpText('after', examples('slipway status', 'slipway status -e production', 'slipway status --json'))
    .action((directory: string | undefined, _raw: object, command) =>
      perform(command, { directory }, async ({ flows, context, out }) => {
        const result = await flows.status(context);
        return { result, out: statusLines(result, out.paint, new Date()) };
      }),
    );
};
