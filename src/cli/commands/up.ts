import type { UpOptions } from '../flows.js';
import { readAssignments, readPaths, readPort, secretsAmong } from '../values.js';
import { upLines } from '../views/up-view.js';
import { collected, examples, type Register } from './register.js';

interface RawOptions {
  readonly port?: string;
  readonly httpPort?: string;
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly superuser?: string;
}

/** `slipway up [DIR]` */
export const registerUp: Register = (program, perform) => {
  program
    .command('up')
    .summary('take the project live on this machine, over HTTPS')
    .description(
      'Takes the project the whole way on this machine: inspect, build, services, migrate, start, switch, verify. Again, it is a new release ' +
        'beside the old one, switched without a lost request; when nothing changed, it says so at once.',
    )
    .argument('[dir]', "the project's folder")
    .option('--port <n>', 'port for HTTPS (default: 8443, else the next free one)')
    .option('--http-port <n>', 'port that redirects to HTTPS (default: 8080, else the next free one)')
    .option('--env <KEY=VALUE>', "a variable of the app's environment; may be given again", collected)
    .option('--env-file <file>', 'a file of such variables; may be given again', collected)
    .option('--superuser <name>', 'make this user of the admin, with a password that is told once')
    .addHelpText(
      'after',
      examples(
        'slipway up',
        'slipway up shop --port 9443',
        'slipway up --env-file .env.production --env EMAIL_HOST=mail.example',
      ),
    )
    .action((directory: string | undefined, raw: RawOptions, command) => {
      // Read here and again inside: what must be masked has to be known before the first event.
      return perform(command, { directory, changesThings: true, secrets: secretsAmong(raw.env) }, async (session) => {
        const options = readUpOptions(raw, session.surroundings.cwd);
        const result = await session.flows.up(session.context, options);
        return { result, err: upLines(result, session), warnings: result.warnings };
      });
    });
};

/** @throws Failure ARGUMENT_INVALID */
export function readUpOptions(raw: RawOptions, cwd: string): UpOptions {
  return {
    ...(raw.port === undefined ? {} : { port: readPort('--port', raw.port) }),
    ...(raw.httpPort === undefined ? {} : { httpPort: readPort('--http-port', raw.httpPort) }),
    env: readAssignments('--env', raw.env ?? []),
    envFiles: readPaths(cwd, raw.envFile ?? []),
    ...(raw.superuser === undefined ? {} : { superuser: raw.superuser }),
  };
}
