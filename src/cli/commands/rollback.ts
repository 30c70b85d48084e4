import { upLines } from '../views/up-view.js';
import { examples, type Register } from './register.js';

/** `slipway rollback [RELEASE]` */
export const registerRollback: Register = (program, perform) => {
  program
    .command('rollback')
    .summary('go back to an older release')
    .description('Starts an older release beside the live one, switches to it and verifies it. Migrations are not taken back.')
    .argument('[release]', 'which one (default: the one before)')
    .addHelpText('after', examples('slipway rollback', 'slipway rollback 20261121-104512-3f9c2e1'))
    .action((release: string | undefined, _raw: object, command) =>
      perform(command, { changesThings: true }, async (session) => {
        const result = await session.flows.rollback(session.context, release);
        return { result, err: upLines(result, session), warnings: result.warnings };
      }),
    );
};
