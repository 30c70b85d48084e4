import type { Command } from 'commander';
import { Failure } from '../../core/failure.js';
import { withGlobalOptions } from '../options.js';
import { askHidden, readAll } from '../question.js';
import type { Session } from '../session.js';
import { readVariableName } from '../values.js';
import { examples, type Perform, type Register } from './register.js';

/** `slipway secrets set/list/unset` */
export const registerSecrets: Register = (program, perform) => {
  const secrets = program
    .command('secrets')
    .summary('values that slipway.yml names and does not hold')
    .description('Keeps the values behind `{secret: NAME}` in slipway.yml, outside the project, readable by this user only.')
    .enablePositionalOptions();
  withGlobalOptions(secrets);
  registerSet(secrets, perform);
  registerList(secrets, perform);
  registerUnset(secrets, perform);
};

function registerSet(secrets: Command, perform: Perform): void {
  secrets
    .command('set')
    .summary('keep a value')
    .description(
      'Keeps a value that is asked for on the terminal, or read from standard input. It is never an argument, where others could see it.',
    )
    .argument('<name>', 'its name in slipway.yml')
    .addHelpText('after', examples('slipway secrets set STRIPE_KEY', 'slipway secrets set STRIPE_KEY < stripe.key'))
    .action((name: string, _raw: object, command) =>
      perform(command, {}, async (session) => {
        const secret = { name: readVariableName(name), value: await askForValue(name, session) };
        const result = await session.flows.secretsSet(session.context, secret);
        return {
          result: { ...result, name },
          err: [`  ${name} is kept for ${result.app} in ${result.environment}; the next release gets it`],
        };
      }),
    );
}

async function askForValue(name: string, { surroundings, context }: Session): Promise<string> {
  const { stdin, stderr } = surroundings;
  const value = stdin.isTTY ? await askHidden(`Value of ${name}`, stdin, stderr, context.signal) : await readAll(stdin);
  if (value !== '') return value;
  throw new Failure('SECRET_EMPTY', 'usage', `No value was given for ${name}`, { hint: `slipway secrets set ${name} < file` });
}

function registerList(secrets: Command, perform: Perform): void {
  secrets
    .command('list')
    .summary('the names that are kept')
    .description('Lists the names of the kept values, never the values.')
    .addHelpText('after', examples('slipway secrets list', 'slipway secrets list -e production'))
    .action((_raw: object, command) =>
      perform(command, {}, async ({ flows, context }) => {
        const result = await flows.secretsList(context);
        return { result, out: result.secrets };
      }),
    );
}

function registerUnset(secrets: Command, perform: Perform): void {
  secrets
    .command('unset')
    .summary('forget a value')
    .description('Forgets a value. Releases that are live keep what they were started with.')
    .argument('<name>', 'its name in slipway.yml')
    .addHelpText('after', examples('slipway secrets unset STRIPE_KEY'))
    .action((name: string, _raw: object, command) =>
      perform(command, {}, async ({ flows, context }) => {
        const result = await flows.secretsUnset(context, { name: readVariableName(name) });
        return { result: { ...result, name }, err: [result.existed ? `  ${name} is forgotten` : `  ${name} was not there`] };
      }),
    );
}
