import type { DeployOptions } from '../flows.js';
import { readAssignments, readPaths, secretsAmong } from '../values.js';
import { deployLines } from '../views/deploy-view.js';
import { collected, examples, type Register } from './register.js';

interface RawOptions {
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly release?: string;
}

/** `slipway deploy` */
export const registerDeploy: Register = (program, perform) => {
  program
    .command('deploy')
    .summary('take the project live on its server')
    .description(
      'Takes the project the whole way to the server of an environment of slipway.yml: packages, environment, services, migrations, ' +
        'certificate, start, switch, verify. The server may be empty. Again, it is a new release beside the old one, switched without a ' +
        'lost request; when nothing changed, it says so.',
    )
    .option('--env <KEY=VALUE>', "a variable of the app's environment; may be given again", collected)
    .option('--env-file <file>', 'a file of such variables; may be given again', collected)
    .option('--release <id>', 'a release that is there already, here or in another environment, without building it again')
    .addHelpText(
      'after',
      examples(
        'slipway deploy -e production',
        'slipway deploy -e staging --env-file .env.staging',
        'slipway deploy -e production --release 20261121-104512-3f9c2e1',
      ),
    )
    .action((raw: RawOptions, command) => {
      return perform(command, { changesThings: true, secrets: secretsAmong(raw.env) }, async (session) => {
        const result = await session.flows.deploy(session.context, readDeployOptions(raw, session.surroundings.cwd));
        return { result, err: deployLines(result, session), warnings: result.warnings };
      });
    });
};

/** @throws Failure ARGUMENT_INVALID */
const readDeployOptions = (raw: RawOptions, cwd: string): DeployOptions => ({
  env: readAssignments('--env', raw.env ?? []),
  envFiles: readPaths(cwd, raw.envFile ?? []),
  ...(raw.release === undefined ? {} : { release: raw.release }),
});
