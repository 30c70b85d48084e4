import type { Argument, Command, Option } from 'commander';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What only the project's state can tell. */
export type Asked = 'environment' | 'release' | 'process' | 'secret';

/** What can stand at the cursor: words, or files or folders that the shell itself knows, or names that have to be asked for. */
export type Completion =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  | { readonly kind: 'files' | 'directories' }
  | { readonly kind: 'asked'; readonly what: Asked };

/** The project and the environment that were named before the cursor. */
export interface Named {
  readonly project?: string;
  readonly environment?: string;
}

const NOTHING: Completion = { kind: 'words', words: [] };
const FILES: Completion = { kind: 'files' };

/**
 * What can stand at the cursor.
 * @param words after `slipway`; the last one is what was typed of the word at the cursor
 */
export function candidates(
  program: Command,
  words: readonly string[],
): { readonly completion: Completion; readonly named: Named } {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const named: { project?: string; environment?: string } = {};
  let command = program;
  let position = 0;
  for (let i = 0; i < before.length; i++) {
    const word = before[i] ?? '';
    if (word === '--') return { completion: FILES, named };
    const option = optionOf(command, word);
    const inner = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (option?.required && !word.includes('=')) {
      const value = before[++i];
      if (value === undefined) return { completion: optionValue(option), named };
      if (option.attributeName() === 'project') named.project = value;
      if (option.attributeName() === 'environment') named.environment = value;
    } else if (inner !== undefined && position === 0) command = inner;
    else if (!word.startsWith('-')) position++;
  }
  return { completion: current.startsWith('-') ? options(command) : operand(command, position), named };
}

const optionOf = (command: Command, word: string): Option | undefined =>
  command.options.find((option) => option.short === word || option.long === word.split('=')[0]);

function options(command: Command): Completion {
  const visible = command.createHelp().visibleOptions(command);
  const words = visible.flatMap(({ long, short, description }) => {
    const value = long ?? short;
    return value === undefined ? [] : [{ value, description }];
  });
  return { kind: 'words', words };
}

function operand(command: Command, position: number): Completion {
  if (command.commands.length > 0) {
    const visible = command.createHelp().visibleCommands(command);
    return {
      kind: 'words',
      words: visible.map((each) => ({ value: each.name(), description: each.summary() || each.description() })),
    };
  }
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[position] ?? (last?.variadic ? last : undefined);
  return argument === undefined ? NOTHING : argumentValue(argument, command);
}

function argumentValue(argument: Argument, command: Command): Completion {
  if (argument.argChoices) return { kind: 'words', words: argument.argChoices.map((value) => ({ value, description: '' })) };
  switch (argument.name()) {
    case 'dir':
      return { kind: 'directories' };
    case 'release':
    case 'process':
      return { kind: 'asked', what: argument.name() === 'release' ? 'release' : 'process' };
    case 'name':
      return command.name() === 'unset' ? { kind: 'asked', what: 'secret' } : NOTHING;
    default:
      return FILES;
  }
}

function optionValue(option: Option): Completion {
  switch (option.attributeName()) {
    case 'project':
      return { kind: 'directories' };
    case 'envFile':
      return FILES;
    case 'environment':
      return { kind: 'asked', what: 'environment' };
    default:
      return NOTHING;
  }
}
