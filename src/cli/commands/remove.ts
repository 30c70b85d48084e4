import { examples, type Register } from './register.js';

/** `slipway remove` */
export const registerRemove: Register = (program, perform) => {
  program
    .command('remove')
    .summary('take the app away from its server again')
    .description(
      'Takes away everything that was written for the app on the servers of an environment: releases, units, the site, the certificate. ' +
        'Databases, uploads and secrets stay, so that `deploy` finds them again. Packages, and how the machine itself was set up, stay.',
    )
    .option('--delete-data', 'also delete databases, uploads and secrets, for good')
    .addHelpText('after', examples('slipway remove -e staging', 'slipway remove -e staging --delete-data --yes'))
    .action((raw: { deleteData?: boolean }, command) =>
      perform(command, { changesThings: true }, async ({ flows, context, err }) => {
        const result = await flows.remove(context, { deleteData: raw.deleteData === true });
        const data = result.dataDeleted ? 'with its data' : 'its data is kept';
        return { result, err: [`  ${result.app} is gone from ${result.hosts.join(', ')}   ${err.paint.faint(data)}`] };
      }),
    );
};
