import { type Env, isSecret } from '../core/command.js';
import { Failure, type Warning } from '../core/failure.js';
import { aptInstall, programPackages } from '../ops/debian-names.js';
import { manageCommand } from '../ops/runtime.js';
import type { Context } from './context.js';
import { type Draft, pythonOf, runtimeRequest, withInterpreter } from './draft.js';
import { bringTailwind } from './tailwind.js';

/** Commands that read what collectstatic has collected; the others make what it collects. */
const AFTER_COLLECT = new Set(['compress']);

/** What a command ends with that could not reach the database before it did anything. */
const ASKED_DATABASE = /\brun_checks\b[\s\S]*\bOperationalError: /;

/** Commands that a site does without: its pages are there in the language they were written in. */
const OPTIONAL = new Set(['compilemessages']);

/**
 * The project's own build commands of one moment, in the release's environment.
 * @returns what did not work out and is not needed for the site to be there
 * @throws Failure BUILD_COMMAND_FAILED (project), PROGRAM_MISSING (environment)
 */
export async function runBuildCommands(draft: Draft, context: Context, env: Env, moment: 'before' | 'after'): Promise<Warning[]> {
  const warnings: Warning[] = [];
  for (const { value: argv, from } of draft.project.buildCommands) {
    const isAfter = AFTER_COLLECT.has(argv[2] ?? '');
    if (isAfter !== (moment === 'after')) continue;
    const step = { step: `build.${argv.slice(2).join('-')}`, host: draft.app.host.name };
    context.report({ type: 'started', ...step, title: argv.join(' ') });
    const began = performance.now();
    if (argv[2] === 'tailwind' && from.includes('django_tailwind_cli')) await bringTailwind(draft, context, env);
    const run = async (keep: boolean, ...more: readonly string[]): Promise<string | undefined> => {
      const words = [...argv.slice(2, 3), ...more, ...argv.slice(3)];
      const command = manageCommand(pythonOf(draft), runtimeRequest(draft, null), words, withInterpreter(draft, env), keep);
      const { code, stdout, stderr } = await draft.app.host.exec(
        { ...command, timeoutSeconds: 1800 },
        { signal: context.signal, onLine: (line) => context.report({ type: 'output', ...step, line }) },
      );
      return code === 0 ? undefined : `${stdout}\n${stderr}`.trim();
    };
    let output = await run(false);
    // A script of npm's that starts manage.py itself.
    const keep = output !== undefined && wantsSecret(output, env);
    if (keep) output = await run(true);
    // Django's own checks of some models ask the database, which runs only later. An option comes before a command of the command's own: https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-skip-checks
    if (output !== undefined && ASKED_DATABASE.test(output)) {
      const unchecked = await run(keep, '--skip-checks');
      // A command without checks does not know the option.
      if (unchecked === undefined || !/unrecognized arguments/.test(unchecked)) output = unchecked;
    }
    const failure = output === undefined ? undefined : failureOf(argv, from, output);
    if (failure !== undefined) {
      if (!OPTIONAL.has(argv[2] ?? '')) throw failure;
      warnings.push(asWarning(failure));
    }
    context.report({ type: 'done', ...step, seconds: (performance.now() - began) / 1000 });
  }
  return warnings;
}

/** Whether what a command said as it failed names a secret of the app: it, or what it started, lacks that. */
const wantsSecret = (output: string, env: Env): boolean =>
  Object.entries(env).some(([name, value]) => isSecret(value) && output.includes(name));

function failureOf(argv: readonly string[], from: string, output: string): Failure {
  const detail = output.split('\n').slice(-20).join('\n');
  // A shell says so in words of its own: `/bin/sh: 1: sassc: not found`, `bash: line 1: sassc: command not found`.
  const program = /\b(?:sh|bash): (?:line )?\d+: ([\w.+-]+): (?:command )?not found/.exec(output)?.[1];
  if (program === undefined) {
    return new Failure('BUILD_COMMAND_FAILED', 'project', `\`${argv.join(' ')}\` failed (${from})`, {
      detail,
      hint: `run \`${argv.join(' ')}\` in the project and mend what it says`,
    });
  }
  const message = `\`${argv.join(' ')}\` (${from}) calls the program ${program}, which this machine lacks`;
  const packages = programPackages(program);
  return new Failure('PROGRAM_MISSING', 'environment', message, {
    detail,
    hint: aptInstall(packages.length === 0 ? [program] : packages),
  });
}

const asWarning = ({ message, hint, detail = '' }: Failure): Warning => ({
  code: 'build-command-failed',
  message: `${message}: ${detail.split('\n').at(-1)}`,
  ...(hint === undefined ? {} : { hint }),
});
