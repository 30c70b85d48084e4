import { releaseLines } from '../views/releases-view.js';
import { examples, type Register } from './register.js';

/** `slipway releases` */
export const registerReleases: Register = (program, perform) => {
  program
    .command('releases')
    .summary('the releases that are kept, newest first')
    .description('Lists the kept releases, newest first, the live one marked. Any of them can be gone back to.')
    .addHelpText('after', examples('slipway releases', 'slipway releases --json'))
    .action((_raw: object, command) =>
      perform(command, {}, async ({ flows, context, out }) => {
        const result = await flows.releases(context);
        return { result, out: releaseLines(result.releases, out.paint, new Date()) };
      }),
    );
};
