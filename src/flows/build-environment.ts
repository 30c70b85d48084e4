import { Failure, type Warning } from '../core/failure.js';
import type { Step } from '../core/plan.js';
import type { Project } from '../core/project.js';
import type { PythonEnvironment } from '../core/release.js';
import { areStanding } from '../engine/standing.js';
import { isUnbuilt, lacksNatives, spareFor } from '../ops/build-failure/spare.js';
import { bare } from '../ops/build-failure/told.js';
import { type BuildFailure, type Explained, explainInstallation, type Fallback } from '../ops/build-failure.js';
import { buildEnvironment as buildVariables } from '../ops/pip.js';
import { fromRepository, publishedQuery } from '../ops/published.js';
import { otherSeries, series } from '../ops/python.js';
import { toolPaths } from '../ops/toolbox.js';
import { uvHasWheel } from '../ops/uv.js';
import { replacedBy } from '../project/dependencies/replaced.js';
import { inOneGo } from '../targets/environment-install.js';
import { releaseFiles } from '../targets/local/layout.js';
import {
  type EnvironmentWish,
  environmentWarnings,
  packageCount,
  planEnvironment,
  readInputs,
  runEnvironment,
} from './environment.js';
import type { Making } from './making.js';
import { privateIndex } from './private-index.js';

export interface BuiltEnvironment {
  readonly python: PythonEnvironment;
  readonly packages: number;
  /** Makes its bytecode, beside other work: without it a start takes longer. */
  readonly bytecode: Step;
  readonly warnings: readonly Warning[];
}

/** An old project can need several known cures, one after the other: old build tools, pip in place of uv, another driver, an older Python. */
const MOST_TRIES = 8;

/** One way to make the environment, and what is to be told about it. */
interface Way {
  readonly wish: EnvironmentWish;
  readonly fallback?: Fallback;
  /** Series of the Pythons tried before. */
  readonly tried: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * Tools first, then the environment, beside the copy of the source as far as it can be. A failure that is known to go away with another way
 * of installing is met with that way.
 * @param database what the app gets here: `postgresql`, `sqlite`, …
 * @throws Failure that names the package, what it lacks and what brings that
 */
export async function buildEnvironment(wanted: {
  readonly making: Making;
  readonly additions: readonly string[];
  readonly database: string;
  readonly copied: Promise<void>;
}): Promise<BuiltEnvironment> {
  const { making, additions, copied } = wanted;
  const { app, project, tree, version, context, tooling } = making;
  await tooling.bring();
  const wish: EnvironmentWish = {
    app,
    project,
    additions,
    fingerprint: tree.fingerprint,
    source: releaseFiles(app.at, version).source,
    ...(making.python === undefined ? {} : { python: making.python }),
    ...(making.indexes === undefined ? {} : { indexes: making.indexes }),
  };
  const replaced = replacedBy(making.pythonPackages ?? [], project.dependencies);
  let way: Way = { wish, tried: [], warnings: [], ...(replaced.length === 0 ? {} : { fallback: { without: replaced } }) };
  const planned = planEnvironment(way.wish, tooling, way.fallback);
  const standing = planned.then(({ steps }) => areStanding(steps, app.host, context.signal)).catch(() => false);
  planned.catch(() => {});
  // Installers read requirement files, and sometimes code, from the copy.
  await copied;
  for (let tries = 1; ; tries++) {
    const made = tries === 1 ? await planned : await planEnvironment(way.wish, tooling, way.fallback);
    try {
      await runEnvironment(made, app, context.report, context.signal, tries === 1 && (await standing));
      return {
        python: made.python,
        packages: await packageCount(app, made.python.key),
        bytecode: made.bytecode,
        warnings: [...environmentWarnings(made.spec), ...way.warnings],
      };
    } catch (error) {
      if (inOneGo(made.spec) && !context.signal.aborted) {
        way = { ...way, fallback: {} };
        continue;
      }
      const told = explainInstallation(Failure.from(error));
      const next = tries === MOST_TRIES ? undefined : await anotherWay(making, way, told, made.python.version, wanted.database);
      if (next === undefined)
        throw ofGuess(told, making.project) ?? (await privateIndex(app, told, made.spec.inputs)) ?? told.failure;
      context.report({ type: 'note', message: `${told.failure.message}; trying another way` });
      way = next;
    }
  }
}

/** A project that declares nothing is told of its import, and not of a requirement that it has never written. */
function ofGuess({ failure, why }: Explained, { dependencies }: Project): Failure | undefined {
  if (dependencies.manager.value !== 'none' || failure.code !== 'NO_SUCH_PACKAGE') return undefined;
  const name = bare(why?.package?.split(' ')[0] ?? '');
  const guess = dependencies.guessed.find(({ value }) => bare(value) === name);
  if (guess === undefined) return undefined;
  const message = `${guess.from} imports what looks like the package ${guess.value}, and there is none of that name`;
  return new Failure('MODULE_MISSING', 'project', message, {
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
    hint: 'write a requirements.txt that names the package which brings it',
  });
}

/** Whether a contradiction is one with what the code itself demands. */
const isOfBounds = ({ failure }: Explained, { dependencies }: Project): boolean =>
  (dependencies.bounds ?? []).some(({ value }) =>
    `${failure.message}\n${failure.detail}`.toLowerCase().includes(value.toLowerCase()),
  );

/** Bounds for builds add up: each failing package has its own. */
function together(known: Fallback | undefined, more: Fallback): Fallback {
  const bounds = [...new Set([...(known?.buildConstraints ?? []), ...(more.buildConstraints ?? [])])];
  return { ...known, ...more, ...(bounds.length === 0 ? {} : { buildConstraints: bounds }) };
}

/** What to do otherwise after this failure; undefined where nothing is known to help. */
async function anotherWay(
  making: Making,
  way: Way,
  told: Explained,
  version: string,
  database: string,
): Promise<Way | undefined> {
  if (told.fallback !== undefined) {
    const fallback = together(way.fallback, told.fallback);
    if (JSON.stringify(fallback) !== JSON.stringify(way.fallback)) return { ...way, fallback };
  }
  if (told.why === undefined) return undefined;
  if (told.why.code === 'REPOSITORY_UNREACHABLE') return fromIndex(making, way, told.why);
  const spare = spareFor(told.why, database);
  const known = way.fallback?.without ?? [];
  if (spare !== undefined && !spare.without.every((name) => known.includes(name))) {
    const warning = {
      code: 'left-out',
      message: `${told.failure.message}. It is left out: ${spare.reason}`,
      hint: told.failure.hint ?? '',
    };
    return {
      ...way,
      wish: { ...way.wish, additions: [...way.wish.additions, ...spare.instead] },
      fallback: { ...way.fallback, without: [...known, ...spare.without] },
      warnings: [...way.warnings, warning],
    };
  }
  if (lacksNatives(told.why) && (await making.tooling.bringLibraries?.(told.why)) === true) return way;
  if (told.why.code === 'CONFLICT' && way.fallback?.unbounded !== true && isOfBounds(told, making.project))
    return { ...way, fallback: { ...way.fallback, unbounded: true } };
  if (told.why.code === 'CONFLICT') return asWritten(making, way, told);
  return isUnbuilt(told.why) ? anotherPython(making, way, told, version) : undefined;
}

/**
 * The distribution of the same name on the package index, where that one says of itself that it comes from the repository that cannot be read.
 * On this machine only: elsewhere its owner must say so.
 */
async function fromIndex(making: Making, way: Way, why: BuildFailure): Promise<Way | undefined> {
  const { app, project, context } = making;
  if (app.environment !== 'local') return undefined;
  const inputs = await readInputs(project);
  const wanted = inputs.flatMap(({ path, content }) => {
    const found = /\.(txt|in)$/.test(path) ? fromRepository(content, why.missing ?? '') : undefined;
    return found === undefined ? [] : [{ ...found, path }];
  })[0];
  const known = way.fallback?.published ?? [];
  if (wanted === undefined || known.some(({ line }) => line === wanted.line)) return undefined;
  const asked = await app.host.exec(
    publishedQuery(
      {
        toolPython: toolPaths(app.at.home).python,
        scripts: app.package.tools,
        cwd: way.wish.source,
        env: buildVariables(app.env),
      },
      wanted,
    ),
    { signal: context.signal },
  );
  const version = asked.stdout.trim();
  if (asked.code !== 0 || version === '') return undefined;
  const requirement = `${wanted.name}==${version}`;
  const warning = {
    code: 'repository-unreachable',
    message: `${wanted.path} takes ${wanted.name} from ${wanted.repository}, which cannot be read from here: ${requirement} of the package index, which names the same repository, is used in its place`,
    hint: why.hint,
  };
  return {
    ...way,
    fallback: { ...way.fallback, published: [...known, { line: wanted.line, requirement }] },
    warnings: [...way.warnings, warning],
  };
}

/** Requirements that went together before pip looked at what dependencies want. */
function asWritten(making: Making, way: Way, told: Explained): Way | undefined {
  const { manager } = making.project.dependencies;
  if (manager.value !== 'requirements' || way.fallback?.ownVersions === true) return undefined;
  const warning = {
    code: 'requirements-contradict',
    message: `${told.failure.message}. What they ask for themselves is installed`,
    hint: told.failure.hint ?? '',
  };
  return { ...way, fallback: { ...way.fallback, ownVersions: true }, warnings: [...way.warnings, warning] };
}

/** A Python of this machine for which the package that cannot be built is published built. */
async function anotherPython(making: Making, way: Way, told: Explained, version: string): Promise<Way | undefined> {
  const [name, pinned] = (told.why?.package ?? '').split(' ');
  if (making.python !== undefined || name === undefined || pinned === undefined) return undefined;
  const { app, project, tooling, context } = making;
  const tried = [...way.tried, series(version)];
  const tools = toolPaths(app.at.home);
  const { interpreters } = await tooling.pythons();
  for (const python of otherSeries(interpreters, project.python, tried)) {
    const asked = await app.host.exec(
      uvHasWheel(
        {
          toolPython: tools.python,
          scripts: app.package.tools,
          uv: tools.uv,
          cwd: way.wish.source,
          env: buildVariables(app.env),
        },
        `${name}==${pinned}`,
        python,
      ),
      { signal: context.signal },
    );
    if (asked.code !== 0) continue;
    const warning = {
      code: 'other-python',
      message: `${told.failure.message}; Python ${python} is used, for which ${bare(name)} ${pinned} is published built`,
      hint: told.failure.hint ?? '',
    };
    return { ...way, tried, wish: { ...way.wish, python }, warnings: [...way.warnings, warning] };
  }
  return undefined;
}
