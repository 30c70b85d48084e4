import { Failure } from '../core/failure.js';

/** What commander calls it, and what it is called here. */
const CODES: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'UNKNOWN_COMMAND',
  'commander.unknownOption': 'UNKNOWN_OPTION',
  'commander.missingArgument': 'ARGUMENT_MISSING',
  'commander.optionMissingArgument': 'ARGUMENT_MISSING',
  'commander.excessArguments': 'ARGUMENT_UNEXPECTED',
};

/**
 * A command line that commander refused, as a Failure whose hint is the nearest match, or the help.
 * @param path the command that was being read: `slipway up`
 */
export function usageFailure(code: string, said: string, path: string): Failure {
  const [first = '', ...rest] = said.replace(/^error: /, '').split('\n');
  const message = first.replace(/^./, (letter) => letter.toUpperCase()).replace(/\.$/, '');
  const near = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(rest.join('\n').trim())?.[1];
  const help = `${path} --help`;
  const hint =
    near === undefined
      ? help
      : near
          .split(', ')
          .map((word) => `${path} ${word}`)
          .join('   or   ');
  return foreseen(CODES[code], message, hint);
}

/** Spelled out, so that every code has its place in the source and its page. */
function foreseen(code: string | undefined, message: string, hint: string): Failure {
  switch (code) {
    case 'UNKNOWN_COMMAND':
      return new Failure('UNKNOWN_COMMAND', 'usage', message, { hint });
    case 'UNKNOWN_OPTION':
      return new Failure('UNKNOWN_OPTION', 'usage', message, { hint });
    case 'ARGUMENT_MISSING':
      return new Failure('ARGUMENT_MISSING', 'usage', message, { hint });
    case 'ARGUMENT_UNEXPECTED':
      return new Failure('ARGUMENT_UNEXPECTED', 'usage', message, { hint });
    default:
      return new Failure('ARGUMENT_INVALID', 'usage', message, { hint });
  }
}
