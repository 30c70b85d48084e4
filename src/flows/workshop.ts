import type { ProbeError } from '../core/facts.js';
import type { Warning } from '../core/failure.js';
import { mendingFor } from '../ops/missing-module.js';
import { environmentPaths } from '../targets/local/environment.js';
import type { BuiltEnvironment } from './build-environment.js';
import type { Draft } from './draft.js';
import { readInputs } from './environment.js';
import { openExamples } from './example-files.js';
import { openKeyFile } from './key-file.js';
import type { Making } from './making.js';

/** The environment a release is made in: made again, with more in it, where its settings turn out to need more. */
export interface Workshop {
  draft(): Draft;
  environment(): BuiltEnvironment;
  /** What was added and why. */
  warnings(): readonly Warning[];
  /** Adds requirements; false where all of them are in it. @throws Failure of the installation */
  add(requirements: readonly string[]): Promise<boolean>;
  /** Adds what brings a missing module, or the file with the key; false where that is not known, or was tried. @throws Failure of the installation */
  supply(error: ProbeError): Promise<boolean>;
  /** Puts the project's own examples into the places of files that its settings want and its tree lacks; false where there are none. */
  placeExamples(): Promise<boolean>;
}

/** A project that lacks more than this has other problems. */
const MOST_REMAKES = 6;

/**
 * @param additions what the ground asks for
 * @param make makes the environment with these additions, or finds it made
 */
export async function openWorkshop(
  making: Making,
  additions: readonly string[],
  make: (additions: readonly string[]) => Promise<BuiltEnvironment>,
): Promise<Workshop> {
  let wanted = additions;
  // What they put into the source must be there before it is asked anything, and after it is copied.
  let built = await make(wanted);
  let remakes = 0;
  const warnings: Warning[] = [];
  const [examples, keyFile] = await Promise.all([openExamples(making), openKeyFile(making)]);
  const add = async (requirements: readonly string[]): Promise<boolean> => {
    const more = requirements.filter((requirement) => !wanted.includes(requirement));
    if (more.length === 0 || remakes === MOST_REMAKES) return false;
    remakes += 1;
    wanted = [...wanted, ...more];
    built = await make(wanted);
    return true;
  };
  return {
    draft: () => draftOf(making, built),
    environment: () => built,
    warnings: () => [...warnings, ...examples.warnings()],
    placeExamples: examples.place,
    add,
    supply: async (error) => {
      if (await keyFile.place(error)) return true;
      if (error.kind !== 'missing-module' || error.name === undefined) return false;
      const missing = { module: error.name, ...(error.distribution === undefined ? {} : { distribution: error.distribution }) };
      const mending = mendingFor(missing, await readInputs(making.project));
      if (mending === undefined || !(await add([mending.requirement]))) return false;
      const last = error.frames.at(-1);
      const where = last === undefined ? making.project.settings.value : `${last.file}:${last.line}`;
      warnings.push({
        code: 'undeclared-dependency',
        message: `${where} imports ${error.name}, which is not among the dependencies (${mending.from}): ${mending.requirement} is added`,
        hint: `add ${mending.requirement} to ${making.project.dependencies.files[0] ?? 'requirements.txt'}`,
      });
      return true;
    },
  };
}

const draftOf = ({ app, project, version, tree }: Making, { python }: BuiltEnvironment): Draft => ({
  app,
  project,
  version,
  tree,
  venv: environmentPaths(app.at.home, python.key).folder,
  environmentKey: python.key,
});
