import { examples, type Register } from './register.js';

/** `slipway run -- CMD…` */
export const registerRun: Register = (program, perform) => {
  program
    .command('run')
    .summary('run a command once on the server, in a unit of its own')
    .description(
      'Runs a command in the current release on a server, in a systemd unit of its own: confined as the workers are, its output in the ' +
        'journal, and at work still when this connection is lost. It gets no input; `exec` is for what asks. The exit code is its own.',
    )
    .argument('<command...>', 'the command with its arguments, after --')
    .option('--detach', 'do not wait for it; `slipway logs run-…` shows what it says')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples(
        'slipway run -e production -- python manage.py reindex',
        'slipway run -e production --detach -- python manage.py backfill',
      ),
    )
    .action((argv: string[], raw: { detach?: boolean }, command) =>
      perform(command, { changesThings: true }, async ({ flows, context, options, surroundings, again }) => {
        const detach = raw.detach === true;
        const say = (line: string) => (options.json ? surroundings.stderr : surroundings.stdout).write(`${line}\n`);
        const result = await flows.run(context, argv, { detach }, say);
        return {
          result,
          exitCode: result.exitCode,
          err: detach ? [`  ${result.process} runs   ·   ${again(`logs ${result.process} -f`)}`] : [],
        };
      }),
    );
};
