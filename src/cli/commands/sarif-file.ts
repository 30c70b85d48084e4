import { dirname, join, relative } from 'node:path';
import { quote } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import { toSarif } from '../../findings/sarif.js';
import type { Context } from '../../flows/context.js';
import type { CheckResult } from '../../flows/results.js';

/** Writes the findings of a check as SARIF, with file names from the root of the repository the project is in. @throws Failure ARGUMENT_INVALID */
export async function writeSarif(
  context: Context,
  { findings, project }: Omit<CheckResult, 'warnings'>,
  path: string,
): Promise<void> {
  const top = await repositoryOf(context);
  const manage = project['managePy']?.value;
  const log = toSarif(findings, top, {
    below: relative(top, context.directory),
    ...(typeof manage === 'string' ? { fallback: manage } : {}),
  });
  try {
    await context.host.write(path, `${JSON.stringify(log, null, 2)}\n`, 0o644);
  } catch (cause) {
    throw new Failure('ARGUMENT_INVALID', 'usage', `--sarif ${JSON.stringify(path)} cannot be written`, {
      cause,
      hint: `mkdir -p ${quote(dirname(path))}`,
    });
  }
}

/** The nearest folder with a `.git`; the project's own where there is none. */
async function repositoryOf({ directory, host }: Context): Promise<string> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (await host.exists(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return directory;
  }
}
