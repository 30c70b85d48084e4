import type { Command } from 'commander';
import { Failure } from '../core/failure.js';

/** What every command takes. */
export interface GlobalOptions {
  readonly project?: string;
  readonly environment: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly yes: boolean;
}

/** The same words before the command and after it. */
export function withGlobalOptions(command: Command): Command {
  return command
    .optionsGroup('Everywhere:')
    .helpOption('-h, --help', 'show this help')
    .option('-C, --project <dir>', "the project's folder (default: the current one)")
    .option('-e, --environment <name>', 'the environment (default: local)')
    .option('--json', 'one JSON object a line on standard output')
    .option('--quiet', 'nothing but errors')
    .option('--verbose', 'also what the programs print that are run')
    .option('--no-color', 'no colours')
    .option('--yes', 'ask nothing, the answer is yes');
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * Reads the options of the program, of the group and of the command, in this order; the later word wins.
 * @throws Failure ENVIRONMENT_NAME_INVALID
 */
export function readGlobalOptions(levels: readonly Raw[]): GlobalOptions {
  const last = (name: string) => levels.map((raw) => text(raw[name])).findLast((value) => value !== undefined);
  const given = (name: string) => levels.some((raw) => raw[name] === true);
  const project = last('project');
  const environment = last('environment') ?? 'local';
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(environment)) {
    throw new Failure('ENVIRONMENT_NAME_INVALID', 'usage', `${JSON.stringify(environment)} is no name for an environment`, {
      hint: 'lower-case letters, digits and dashes, a letter first: --environment staging',
    });
  }
  return {
    ...(project === undefined ? {} : { project }),
    environment,
    json: given('json'),
    quiet: given('quiet'),
    verbose: given('verbose'),
    color: levels.every((raw) => raw['color'] !== false),
    yes: given('yes'),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
