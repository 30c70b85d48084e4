import type { Env } from '../core/command.js';
import { display } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Context } from './context.js';

export interface HookPlace {
  /** Where it runs, as the user it runs as. */
  readonly host: Host;
  readonly context: Context;
  /** In the release. */
  readonly directory: string;
  readonly env: Env;
}

/** A command of slipway.yml's `hooks:`, in the new release, with the app's environment. @throws Failure HOOK_FAILED (project): the deployment stops */
export async function runHook(name: string, argv: readonly string[] | undefined, place: HookPlace): Promise<void> {
  if (argv === undefined) return;
  const at = { step: `hook.${name}`, host: place.host.name };
  place.context.report({ type: 'started', ...at, title: `${name}: ${argv.join(' ')}` });
  const began = performance.now();
  const command = { argv, cwd: place.directory, env: place.env };
  const { code, stdout, stderr } = await place.host.exec(command, {
    signal: place.context.signal,
    onLine: (line) => place.context.report({ type: 'output', ...at, line }),
  });
  if (code !== 0) {
    throw new Failure('HOOK_FAILED', 'project', `The hook ${name} ended with ${code}; what is live stays live`, {
      detail: `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n'),
      hint: display({ argv }),
    });
  }
  place.context.report({ type: 'done', ...at, seconds: (performance.now() - began) / 1000 });
}
