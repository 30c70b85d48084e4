import { join } from 'node:path';
import { initLines } from '../views/init-view.js';
import { examples, type Register } from './register.js';

/** `slipway init` */
export const registerInit: Register = (program, perform) => {
  program
    .command('init')
    .summary('write slipway.yml with what was detected')
    .description(
      "Writes slipway.yml into the project's folder: what was detected as comments, what cannot be detected as questions. Nothing else is ever " +
        'written there.',
    )
    .option('--force', 'write over a slipway.yml that is there')
    .addHelpText('after', examples('slipway init', 'slipway init --yes', 'slipway init --force'))
    .action((raw: { force?: boolean }, command) =>
      perform(command, {}, async ({ flows, context, out, again }) => {
        const before = (await context.host.read(join(context.directory, 'slipway.yml'))) ?? '';
        const { path, text, changed } = await flows.init(context, { force: raw.force === true });
        const told = changed ? [`  Written: ${path}   ·   ${again('check')}`] : [`  ${path} is as it should be`];
        return { result: { path, text, changed }, out: changed ? initLines(before, text, out.paint) : [], err: told };
      }),
    );
};
