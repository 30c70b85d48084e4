import { dirname } from 'node:path';
import type { Env } from '../core/command.js';
import { askTailwindCli, installTailwindPackages, parseTailwindCli, tailwindProgram } from '../ops/tailwind-cli.js';
import type { Context } from './context.js';
import { type Draft, directoryOf, pythonOf, withInterpreter } from './draft.js';

const DOWNLOAD_SECONDS = 180;

/**
 * Brings the program that django-tailwind-cli's commands start: as the project itself would download it, or where that does not come, made of
 * packages from the npm registry. Leaves it to the command itself to say what is wrong where neither works.
 */
export async function bringTailwind(draft: Draft, context: Context, env: Env): Promise<void> {
  const { host } = draft.app;
  const cwd = directoryOf(draft);
  const own = withInterpreter(draft, env);
  const cli = parseTailwindCli((await host.exec(askTailwindCli(pythonOf(draft), cwd, own), { signal: context.signal })).stdout);
  if (cli === undefined || (await host.exists(cli.path))) return;
  const download = {
    argv: [pythonOf(draft), 'manage.py', 'tailwind', '--skip-checks', 'download_cli'],
    cwd,
    env: own,
    timeoutSeconds: DOWNLOAD_SECONDS,
  };
  await host.exec(download, { signal: context.signal });
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
