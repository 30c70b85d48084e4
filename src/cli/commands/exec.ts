import { examples, type Register } from './register.js';

/** `slipway exec -- CMD…` */
export const registerExec: Register = (program, perform) => {
  program
    .command('exec')
    .summary("run a command in the current release's environment")
    .description(
      "Runs a command in the current release: in the folder of manage.py, with the app's whole environment, its interpreter first on the PATH. " +
        "Streams and exit code are the command's own.",
    )
    .argument('<command...>', 'the command with its arguments, after --')
    .option('--host <name>', 'on which of several servers (default: the first)')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples(
        'slipway exec -- python manage.py shell',
        'slipway exec -- python manage.py dumpdata > dump.json',
        'slipway exec -e staging -- env',
      ),
    )
    .action((argv: string[], { host }: { readonly host?: string }, command) =>
      perform(command, { passesTerminal: true }, async ({ flows, context }) => {
        const exitCode = await flows.exec(context, argv, host);
        return { result: { environment: context.environment, exitCode }, exitCode };
      }),
    );
};
