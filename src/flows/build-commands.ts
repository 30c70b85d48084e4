import type { Env } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { Context } from './context.js';
import { type Draft, directoryOf, withInterpreter } from './draft.js';
import { bringTailwind } from './tailwind.js';

/** Commands that read what collectstatic has collected; the others make what it collects. */
const AFTER_COLLECT = new Set(['compress']);

/** The project's own build commands of one moment, in the release's environment. @throws Failure BUILD_COMMAND_FAILED (project) */
export async function runBuildCommands(draft: Draft, context: Context, env: Env, moment: 'before' | 'after'): Promise<void> {
  for (const { value: argv, from } of draft.project.buildCommands) {
    const isAfter = AFTER_COLLECT.has(argv[2] ?? '');
    if (isAfter !== (moment === 'after')) continue;
    const step = { step: `build.${argv.slice(2).join('-')}`, host: draft.app.host.name };
    context.report({ type: 'started', ...step, title: argv.join(' ') });
    const began = performance.now();
    if (argv[2] === 'tailwind' && from.includes('django_tailwind_cli')) await bringTailwind(draft, context, env);
    const { code, stdout, stderr } = await draft.app.host.exec(
      {
        argv: [`${draft.venv}/bin/python`, ...argv.slice(1)],
        cwd: directoryOf(draft),
        env: withInterpreter(draft.venv, env),
        timeoutSeconds: 1800,
      },
      { signal: context.signal, onLine: (line) => context.report({ type: 'output', ...step, line }) },
    );
    if (code !== 0) {
      throw new Failure('BUILD_COMMAND_FAILED', 'project', `\`${argv.join(' ')}\` failed (${from})`, {
        detail: `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n'),
        hint: `run \`${argv.join(' ')}\` in the project and mend what it says`,
      });
    }
    context.report({ type: 'done', ...step, seconds: (performance.now() - began) / 1000 });
  }
}
