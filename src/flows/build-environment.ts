import { Failure, type Warning } from '../core/failure.js';
import type { PythonEnvironment } from '../core/release.js';
import { explainInstallation, type Fallback } from '../ops/build-failure.js';
import { releaseFiles } from '../targets/local/layout.js';
import { environmentWarnings, packageCount, planEnvironment, runEnvironment } from './environment.js';
import type { Making } from './make-release.js';

export interface BuiltEnvironment {
  readonly python: PythonEnvironment;
  readonly packages: number;
  readonly warnings: readonly Warning[];
}

/** Two known cures can be needed for one old project: old build tools, and pip in place of uv. */
const MOST_TRIES = 3;

/**
 * Tools first, then the environment, beside the copy of the source as far as it can be. A failure that is known to go away with another way
 * of installing is met with that way.
 * @throws Failure that names the package, what it lacks and what brings that
 */
export async function buildEnvironment(wanted: {
  readonly making: Making;
  readonly additions: readonly string[];
  readonly copied: Promise<void>;
}): Promise<BuiltEnvironment> {
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
  // Installers read requirement files, and sometimes code, from the copy.
  await copied;
  let fallback: Fallback | undefined;
  for (let tries = 1; ; tries++) {
    const made = await planEnvironment(wish, tooling.pythons, fallback);
    try {
      await runEnvironment(made, app, context.report, context.signal);
      return {
        python: made.python,
        packages: await packageCount(app.at.home, made.python.key),
        warnings: environmentWarnings(made.spec),
      };
    } catch (error) {
      const told = explainInstallation(Failure.from(error));
      const next = told.fallback === undefined ? undefined : together(fallback, told.fallback);
      if (next === undefined || tries === MOST_TRIES || JSON.stringify(next) === JSON.stringify(fallback)) throw told.failure;
      context.report({ type: 'note', message: `${told.failure.message}; trying another way` });
      fallback = next;
    }
  }
}

/** Both cures: what builds may be built with adds up. */
function together(first: Fallback | undefined, second: Fallback): Fallback {
  const constraints = [...new Set([...(first?.buildConstraints ?? []), ...(second.buildConstraints ?? [])])];
  return { ...first, ...second, ...(constraints.length === 0 ? {} : { buildConstraints: constraints }) };
}
