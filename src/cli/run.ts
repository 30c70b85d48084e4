import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { EXIT_CODE, Failure } from '../core/failure.js';
import { resultLine } from '../reporters/json.js';
import { commandPath, optionLevels } from './command-path.js';
import { failureLines } from './failure-text.js';
import { lookOf } from './look.js';
import { readGlobalOptions } from './options.js';
import { createProgram } from './program.js';
import type { Surroundings } from './surroundings.js';
import { usageFailure } from './usage-failure.js';

/**
 * One whole run: reads the command line, does it, tells how it ended. Never throws.
 * @param argv the words after `slipway`
 * @returns the exit code
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let code = 0;
  const program = createProgram(versionOf(surroundings.packageRoot), async (command, manner, work) => {
    const options = readGlobalOptions(optionLevels(command));
    const { act } = await import('./act.js');
    code = await act(commandPath(command), options, surroundings, manner, work);
  });
  const { stdout, stderr, env } = surroundings;
  let said = '';
  let reading: Command = program;
  forEachCommand(program, (command) => {
    command.exitOverride().configureOutput({
      writeOut: lookOf(stdout, env, false).write,
      writeErr: lookOf(stderr, env, false).write,
      getOutHelpWidth: () => Math.min(stdout.columns(), HELP_WIDTH),
      getErrHelpWidth: () => Math.min(stderr.columns(), HELP_WIDTH),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text) => {
        said = text;
        reading = command;
      },
    });
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return refuse(Failure.from(error), argv, surroundings);
    if (error.exitCode === 0) return 0;
    // Help that nobody asked for, since no command was named, is already written.
    if (error.code === 'commander.help') return EXIT_CODE.usage;
    const path = commandPath(reading);
    return refuse(usageFailure(error.code, said, `slipway ${path}`.trim()), argv, surroundings, path);
  }
}

const HELP_WIDTH = 110;

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const inner of command.commands) forEachCommand(inner, visit);
}

/** Tells what could not even be begun, or what escaped from everything; gives the exit code. */
export function refuse(failure: Failure, argv: readonly string[], surroundings: Surroundings, path?: string): number {
  const { stdout, stderr, env, packageRoot } = surroundings;
  const ours = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const { paint, write, columns } = lookOf(stderr, env, !ours.includes('--no-color'));
  write(failureLines(failure, { paint, columns: columns(), verbose: false, packageRoot }).join('\n') + '\n');
  const command = path ?? ours.find((word) => !word.startsWith('-')) ?? '';
  if (ours.includes('--json')) stdout.write(resultLine(command, {}, new Date(), failure));
  return EXIT_CODE[failure.kind];
}

function versionOf(packageRoot: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}
