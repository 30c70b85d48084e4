import { isDeclared } from '../declared.js';
import type { Outcome } from '../settings/outcome.js';
import type { Option } from './option.js';

/** Modules that the settings cannot do without: imported for sure, or installed apps and middleware. */
export function neededModules(outcome: Outcome, hasModule: (module: string) => boolean): Map<string, string> {
  const needed = new Map<string, string>();
  for (const one of outcome.imports) {
    if (one.certainty === 'sure' && !one.guarded) needed.set(one.module, one.from);
  }
  for (const { setting, value, from, certainty } of outcome.texts) {
    const listed = /^(\w+_)?APPS$|^MIDDLEWARE$/.test(setting) && /^[a-z]\w*(\.\w+)*$/.test(value);
    if (certainty === 'sure' && listed && !hasModule(value.split('.')[0] ?? '')) needed.set(value.split('.')[0] ?? value, from);
  }
  return needed;
}

const lacking = (needed: ReadonlyMap<string, string>, one: Option): string[] =>
  [...needed.keys()].filter((module) => !isDeclared(module, one.packages));

export interface Covering {
  readonly chosen: Option | undefined;
  /** What even the chosen one lacks, with where it is needed. */
  readonly lacks: readonly (readonly [module: string, from: string])[];
}

/** The best option, unless the settings need what only another has. Options come best first. */
export function covering(options: readonly Option[], needed: ReadonlyMap<string, string>): Covering {
  const [first, ...others] = options;
  if (first === undefined) return { chosen: undefined, lacks: [] };
  const missing = lacking(needed, first);
  const better =
    missing.length === 0
      ? undefined
      : others.find(
          (other) => other.packages.has('django') && lacking(needed, other).length < missing.length && covers(other, first),
        );
  const chosen =
    better === undefined
      ? first
      : { ...better, why: `${better.why}: ${first.files[0]} lacks ${missing.slice(0, 3).join(', ')}, which the settings need` };
  return { chosen, lacks: lacking(needed, chosen).map((module) => [module, needed.get(module) ?? '']) };
}

/** Nothing that the first choice pins may be lost but tools. */
const covers = (other: Option, first: Option): boolean =>
  [...first.packages.keys()].filter((name) => !other.packages.has(name)).length <= Math.max(3, first.packages.size / 3);
