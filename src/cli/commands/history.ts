import { readCount } from '../values.js';
import { historyLines } from '../views/history-view.js';
import { examples, type Register } from './register.js';

const LINES = 20;

/** `slipway history` */
export const registerHistory: Register = (program, perform) => {
  program
    .command('history')
    .summary('who did what to the app on its server, and when')
    .description(
      'Shows the journal that lies with the app on its server, newest first: every deployment and every way back, by whom, from which ' +
        'commit, how long it took, what it changed, and how it ended.',
    )
    .option('-n, --lines <count>', `how many (default: ${LINES})`)
    .addHelpText('after', examples('slipway history -e production', 'slipway history -e production -n 100 --json'))
    .action((raw: { lines?: string }, command) =>
      perform(command, {}, async ({ flows, context, out }) => {
        const lines = raw.lines === undefined ? LINES : readCount('--lines', raw.lines);
        const result = await flows.history(context, { lines });
        return { result, out: historyLines(result.entries, out.paint, new Date()) };
      }),
    );
};
