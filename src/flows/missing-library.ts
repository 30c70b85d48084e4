import type { ProbeError } from '../core/facts.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Project } from '../core/project.js';
import { installNatives, nativeQuery, parseNatives } from '../ops/natives.js';

/**
 * What the project cannot start without and this host lacks, with the one command that brings all of it; undefined where none of the problems
 * is of that kind.
 */
export async function missingLibrary(
  host: Host,
  project: Project,
  problems: readonly ProbeError[],
): Promise<Failure | undefined> {
  const lacking = problems.find(({ kind }) => kind === 'missing-library');
  if (lacking === undefined) return undefined;
  const needs = project.natives.filter(({ when }) => when === 'run');
  const missing = needs.length === 0 ? [] : parseNatives((await host.exec(nativeQuery(needs))).stdout, needs);
  const last = lacking.frames.at(-1);
  const where = last === undefined ? 'An installed app' : `${last.file}:${last.line}`;
  return new Failure('LIBRARY_MISSING', 'environment', `${where} needs the library ${lacking.name}, which this machine lacks`, {
    detail: lacking.message,
    hint: missing.length === 0 ? 'slipway doctor' : installNatives(missing),
  });
}
