import type { Warning } from '../core/failure.js';
import type { PythonEnvironment } from '../core/release.js';
import { releaseFiles } from '../targets/local/layout.js';
import { environmentWarnings, packageCount, planEnvironment, runEnvironment } from './environment.js';
import type { Making } from './make-release.js';

export interface BuiltEnvironment {
  readonly python: PythonEnvironment;
  readonly packages: number;
  readonly warnings: readonly Warning[];
}

/** Tools first, then the environment, beside the copy of the source as far as it can be. */
export async function buildEnvironment(wanted: { readonly making: Making; readonly additions: readonly string[]; readonly copied: Promise<void> }): Promise<BuiltEnvironment> {
  const { making, additions, copied } = wanted;
  const { app, project, tree, version, context, tooling } = making;
  await tooling.bring();
  const wish = {
    app,
    project,
    additions,
    fingerprint: tree.fingerprint,
    source: releaseFiles(app.at, version).source,
    ...(making.python === undefined ? {} : { python: making.python }),
  };
  const made = await planEnvironment(wish, tooling.pythons);
  // Installers read requirement files, and sometimes code, from the copy.
  await copied;
  await runEnvironment(made, app, context.report, context.signal);
  return { python: made.python, packages: await packageCount(app.at.home, made.python.key), warnings: environmentWarnings(made.spec) };
}
