import { examples, type Register } from './register.js';

/** `slipway down [DIR]` */
export const registerDown: Register = (program, perform) => {
  program
    .command('down')
    .summary('stop everything that up started; the data stays')
    .description(
      'Stops the app, its services and its edge, each after what it is doing. Databases, uploads and releases are kept.',
    )
    .argument('[dir]', "the project's folder")
    .option('--delete-data', 'also delete databases, uploads and releases, after asking')
    .addHelpText('after', examples('slipway down', 'slipway down shop', 'slipway down --delete-data'))
    .action((directory: string | undefined, raw: { deleteData?: boolean }, command) =>
      perform(command, { directory, changesThings: true }, async ({ flows, context, err }) => {
        const deleteData = raw.deleteData === true;
        const result = await flows.down(context, { deleteData });
        const was = result.release === null ? 'was not up' : `is down; it was release ${result.release}`;
        const data = deleteData ? '' : err.paint.faint('   its data is kept');
        return { result, err: [`  ${result.app} ${was}${data}`] };
      }),
    );
};
