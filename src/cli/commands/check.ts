import { Failure } from '../../core/failure.js';
import type { Finding } from '../../flows/results.js';
import { readPaths } from '../values.js';
import { checkLines, openErrors } from '../views/check-view.js';
import { examples, type Register } from './register.js';

interface RawOptions {
  readonly format?: string;
  readonly sarif?: string;
}

/** `slipway check [DIR]` */
export const registerCheck: Register = (program, perform) => {
  program
    .command('check')
    .summary('what was detected, what is wrong for production, how to mend it')
    .description(
      'Says what was detected and from where, what is wrong for production, worst first, each with its mend, and which settings Slipway holds ' +
        'and why. With -e it judges any environment of slipway.yml by its own names and values, and reaches none. Changes nothing. Exits with 4 when there are errors that Slipway does not hold right by itself.',
    )
    .argument('[dir]', "the project's folder")
    .option('--format <format>', 'text, or markdown for a pull request (default: text)')
    .option('--sarif <file>', 'write the findings into this file too, for code scanning')
    .addHelpText(
      'after',
      examples(
        'slipway check',
        'slipway check shop --json',
        'slipway check -e production',
        'slipway check --format markdown',
        'slipway check --sarif slipway.sarif',
      ),
    )
    .action((directory: string | undefined, raw: RawOptions, command) =>
      perform(command, { directory }, async ({ flows, context, out, surroundings }) => {
        const markdown = wantsMarkdown(raw.format);
        const [sarif] = raw.sarif === undefined ? [] : readPaths(surroundings.cwd, [raw.sarif]);
        const { warnings, ...result } = await flows.check(context);
        // The rules are many files: no other command, and no `--help`, waits for them.
        if (sarif !== undefined) await (await import('./sarif-file.js')).writeSarif(context, result, sarif);
        const failure = failureOf(openErrors(result.findings));
        const all = { ...result, warnings };
        const lines = markdown
          ? (await import('../../findings/markdown.js')).toMarkdown(all).trimEnd().split('\n')
          : checkLines(all, out.paint, out.columns());
        return {
          result: { ...result, environment: context.environment },
          out: lines,
          warnings,
          ...(failure === undefined ? {} : { failure }),
        };
      }),
    );
};

/** @throws Failure ARGUMENT_INVALID */
function wantsMarkdown(format = 'text'): boolean {
  if (format === 'text' || format === 'markdown') return format === 'markdown';
  throw new Failure('ARGUMENT_INVALID', 'usage', `--format ${JSON.stringify(format)} is none of text, markdown`, {
    hint: 'slipway check --format markdown',
  });
}

function failureOf(errors: readonly Finding[]): Failure | undefined {
  const [worst] = errors;
  if (worst === undefined) return undefined;
  const message = errors.length === 1 ? worst.message : `${errors.length} errors found; the first: ${worst.message}`;
  return new Failure('CHECK_FOUND_ERRORS', 'project', message, {
    hint: worst.hint,
    detail: errors.map((error) => `${error.where === '' ? '' : `${error.where}: `}${error.message}`).join('\n'),
  });
}
