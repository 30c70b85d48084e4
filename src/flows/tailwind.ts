import { dirname } from 'node:path';
import type { Env } from '../core/command.js';
import { manageCommand } from '../ops/runtime.js';
import { installTailwindPackages, parseTailwindCli, TELL_TAILWIND_CLI, tailwindProgram } from '../ops/tailwind-cli.js';
import type { Context } from './context.js';
import { type Draft, directoryOf, pythonOf, runtimeRequest, withInterpreter } from './draft.js';

const ASK_SECONDS = 120;
const DOWNLOAD_SECONDS = 180;

/**
 * Brings the program that django-tailwind-cli's commands start: as the project itself would download it, or where that does not come, made of
 * packages from the npm registry. Leaves it to the command itself to say what is wrong where neither works.
 */
export async function bringTailwind(draft: Draft, context: Context, env: Env): Promise<void> {
  const { host } = draft.app;
  const cwd = directoryOf(draft);
  const manage = (argv: readonly string[], timeoutSeconds: number) => {
    const command = manageCommand(pythonOf(draft), runtimeRequest(draft, null), argv, withInterpreter(draft, env), false);
    return host.exec({ ...command, timeoutSeconds }, { signal: context.signal });
  };
  const cli = parseTailwindCli((await manage(TELL_TAILWIND_CLI, ASK_SECONDS)).stdout);
  if (cli === undefined || (await host.exists(cli.path))) return;
  await manage(['tailwind', '--skip-checks', 'download_cli'], DOWNLOAD_SECONDS);
  if (await host.exists(cli.path)) return;
  context.report({
    type: 'note',
    message: `the Tailwind CLI ${cli.version} could not be downloaded; it is made of packages from the npm registry`,
  });
  const installed = await host.exec(installTailwindPackages(cli, cwd), { signal: context.signal });
  if (installed.code !== 0) return;
  await host.folder(dirname(cli.path));
  await host.write(cli.path, tailwindProgram(cli, cwd), 0o755);
}
