import { type Command, quote } from '../core/command.js';

/** Where django-tailwind-cli looks for its program, and which version it wants. */
export interface TailwindCli {
  /** Absolute path of the program. */
  readonly path: string;
  /** `4.1.14` */
  readonly version: string;
}

/** Public since 4.0: https://django-tailwind-cli.readthedocs.io/latest/settings/ */
const ASK = `
import json
from django_tailwind_cli.config import get_config
config = get_config()
print('@@TAILWIND@@' + json.dumps({'path': str(config.cli_path), 'version': str(config.version_str)}))
`;

/** A command of manage.py that tells which program the project's tailwind commands will start. */
export const TELL_TAILWIND_CLI: readonly string[] = ['shell', '-c', ASK];

/** undefined where the library is too old to say. */
export function parseTailwindCli(stdout: string): TailwindCli | undefined {
  const line = /^@@TAILWIND@@(.*)$/m.exec(stdout)?.[1];
  const said: unknown = line === undefined ? undefined : JSON.parse(line);
  if (typeof said !== 'object' || said === null || !('path' in said) || !('version' in said)) return undefined;
  const [path, version] = [String(said.path), String(said.version)];
  return path.startsWith('/') && /^\d+(\.\d+)+$/.test(version) ? { path, version } : undefined;
}

/** What the standalone program has built in: https://tailwindcss.com/blog/standalone-cli */
const PLUGINS = ['@tailwindcss/typography', '@tailwindcss/forms', '@tailwindcss/aspect-ratio'];

/** The packages that the standalone program is made of, from the npm registry. */
export const tailwindPackages = ({ version }: TailwindCli): string[] =>
  version.startsWith('3.')
    ? [`tailwindcss@${version}`, ...PLUGINS]
    : [`tailwindcss@${version}`, `@tailwindcss/cli@${version}`, ...PLUGINS];

/** Puts the packages into a folder's node_modules, where stylesheets of that folder find them, and writes nothing else. */
export const installTailwindPackages = (cli: TailwindCli, folder: string): Command => ({
  argv: [
    'npm',
    'install',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `--prefix=${folder}`,
    ...tailwindPackages(cli),
  ],
  cwd: folder,
  env: { npm_config_update_notifier: 'false', NODE_ENV: 'development' },
  timeoutSeconds: 900,
});

/** A program in the standalone one's place. */
export const tailwindProgram = ({ version }: TailwindCli, folder: string): string => {
  const script = version.startsWith('3.') ? 'tailwindcss/lib/cli.js' : '@tailwindcss/cli/dist/index.mjs';
  return `#!/bin/sh\nexec node ${quote(`${folder}/node_modules/${script}`)} "$@"\n`;
};
