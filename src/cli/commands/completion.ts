import { Argument, type Command } from 'commander';
import { Failure } from '../../core/failure.js';
import { ancestry } from '../command-path.js';
import { ask } from '../completion/ask.js';
import { type Candidate, candidates } from '../completion/candidates.js';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js';
import type { Surroundings } from '../surroundings.js';
import { examples, type Register } from './register.js';

/** `slipway completion SHELL`, and what its script asks. */
export const registerCompletion: Register = (program, perform) => {
  program
    .command('completion')
    .summary('complete commands, options and names in your shell')
    .description('Prints what a shell evaluates to complete commands, options, environments, releases and processes.')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        'eval "$(slipway completion bash)"       # in ~/.bashrc',
        'eval "$(slipway completion zsh)"        # in ~/.zshrc, after compinit',
        'slipway completion fish > ~/.config/fish/completions/slipway.fish',
      ),
    )
    .action((word: string, _raw: object, command) =>
      perform(command, {}, () => {
        const script = completionScript(shellOf(word));
        return Promise.resolve({ result: { script }, out: script.trimEnd().split('\n') });
      }),
    );
  program
    .command('__complete', { hidden: true })
    .argument('<words...>')
    .passThroughOptions()
    .action((words: string[], _raw: object, command) =>
      perform(command, {}, async ({ surroundings }) => {
        const root = ancestry(command)[0] ?? command;
        const lines = await completionLines(root, words, surroundings);
        return { result: { lines }, out: lines };
      }),
    );
};

/** @throws Failure ARGUMENT_INVALID */
function shellOf(word: string): Shell {
  const shell = SHELLS.find((each) => each === word);
  if (shell !== undefined) return shell;
  throw new Failure('ARGUMENT_INVALID', 'usage', `There is no completion for ${JSON.stringify(word)}`, {
    hint: 'slipway completion bash',
  });
}

async function completionLines(program: Command, words: readonly string[], surroundings: Surroundings): Promise<string[]> {
  const { completion, named } = candidates(program, words);
  switch (completion.kind) {
    case 'words':
      return completion.words.map(lineOf);
    case 'asked':
      return (await ask(completion.what, named, surroundings)).map(lineOf);
    default:
      return [`:${completion.kind}`];
  }
}

const lineOf = ({ value, description }: Candidate): string => `${value}\t${description}`;
