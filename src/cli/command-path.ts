import type { Command } from 'commander';

/** The command and the groups it is in, outermost first, the program itself first of all. */
export function ancestry(command: Command): Command[] {
  return command.parent === null ? [command] : [...ancestry(command.parent), command];
}

/** Its name as it is typed: `secrets set`; '' for the program itself. */
export const commandPath = (command: Command): string =>
  ancestry(command)
    .slice(1)
    .map((each) => each.name())
    .join(' ');

/** The options as given at each level, outermost first. */
export const optionLevels = (command: Command): Record<string, unknown>[] => ancestry(command).map((each) => each.opts());
