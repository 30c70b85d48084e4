import { examples, type Register } from './register.js';

/** `slipway trust` */
export const registerTrust: Register = (program, perform) => {
  program
    .command('trust')
    .summary("let this machine trust Slipway's local certificates")
    .description(
      "Installs the certificate authority that Slipway made on this machine into the system's and the browsers' stores, after asking.",
    )
    .addHelpText('after', examples('slipway trust'))
    .action((_raw: object, command) =>
      perform(command, { changesThings: true }, async ({ flows, context }) => {
        const result = await flows.trust(context);
        return { result, err: result.message.split('\n').map((line) => `  ${line}`) };
      }),
    );
};
