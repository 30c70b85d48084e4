import type { BeforeFacts } from '../config/resolve/input.js';
import type { ProbeError } from '../core/facts.js';
import type { Variable } from '../core/project.js';

/** Code that takes for granted that a variable is set, rather than a project that says it cannot do without. */
const TAKEN_FOR_GRANTED = /^KeyError\b|'NoneType'|NoneType object/;

/**
 * What is known before, with the variables that code beside the settings takes for granted: they are then filled like those that the settings
 * require, on this machine with something marked. Undefined where the errors name none that is not known.
 */
export function withDiscovered(before: BeforeFacts, errors: readonly ProbeError[]): BeforeFacts | undefined {
  const known = new Set(before.project.variables.filter(({ required }) => required).map(({ name }) => name));
  const found = errors.flatMap(({ kind, name, message, frames }): Variable[] => {
    const last = frames.at(-1);
    if (kind !== 'missing-variable' || name === undefined || last === undefined) return [];
    if (known.has(name) || before.choices.env?.[name] !== undefined || !TAKEN_FOR_GRANTED.test(message)) return [];
    return [{ name, from: `${last.file}:${last.line}`, required: true, type: 'string' }];
  });
  if (found.length === 0) return undefined;
  const names = new Set(found.map(({ name }) => name));
  const others = before.project.variables.filter(({ name }) => !names.has(name));
  return { ...before, project: { ...before.project, variables: [...others, ...found] } };
}
