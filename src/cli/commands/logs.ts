import { logObjectLine } from '../../reporters/json.js';
import type { Session } from '../session.js';
import { readCount } from '../values.js';
import { logView } from '../views/log-view.js';
import { examples, type Register } from './register.js';

/** `slipway logs [PROCESS]` */
export const registerLogs: Register = (program, perform) => {
  program
    .command('logs')
    .summary('what the processes say, merged by time')
    .description('Shows the last lines of every process, or of one, merged by time; with -f also the ones that come.')
    .argument('[process]', 'only this process: web, worker, beat, edge, …')
    .option('-f, --follow', 'go on with new lines until Ctrl-C')
    .option('-n, --lines <n>', 'how many of the last lines', '100')
    .addHelpText('after', examples('slipway logs', 'slipway logs -f', 'slipway logs worker -n 500', 'slipway logs -f --json'))
    .action((process: string | undefined, raw: { follow?: boolean; lines: string }, command) =>
      perform(command, {}, async (session) => {
        const lines = readCount('--lines', raw.lines);
        const options = { follow: raw.follow === true, lines, ...(process === undefined ? {} : { process }) };
        return { result: await untilNobodyReads(session, options) };
      }),
    );
};

async function untilNobodyReads(session: Session, options: { follow: boolean; lines: number; process?: string }) {
  const { context, flows, surroundings, out } = session;
  const unread = new AbortController();
  surroundings.stdout.onClosed(() => unread.abort());
  const signal = AbortSignal.any([context.signal, unread.signal]);
  const view = logView(out.paint);
  try {
    return await flows.logs({ ...context, signal }, options, (line) => {
      if (session.options.json) surroundings.stdout.write(logObjectLine(line));
      else out.write(view(line).join('\n') + '\n');
    });
  } catch (error) {
    // `slipway logs -f | head` has read what it wanted.
    if (unread.signal.aborted) return {};
    throw error;
  }
}
