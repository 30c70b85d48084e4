import type { SettingFact } from '../core/facts.js';
import type { Evidence } from './evidence.js';

/** The line that sets it last, among the settings that are loaded; '' where none does. */
export const whereIs = ({ reading }: Evidence, ...settings: readonly string[]): string =>
  reading.assignments.findLast(({ setting }) => settings.includes(setting))?.where ?? '';

export const settingOf = ({ facts }: Evidence, name: string): SettingFact | undefined => facts?.settings[name];

export const settingValue = (evidence: Evidence, name: string): unknown => settingOf(evidence, name)?.value;

export const isSet = (evidence: Evidence, name: string): boolean => settingOf(evidence, name)?.explicit === true;

/** The setting where it is text, else ''. */
export function textOf(evidence: Evidence, name: string): string {
  const value = settingValue(evidence, name);
  return typeof value === 'string' ? value : '';
}

/** The setting's items that are text. */
export function textsOf(evidence: Evidence, name: string): string[] {
  const value = settingValue(evidence, name);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export const isHeld = ({ resolved }: Evidence, ...names: readonly string[]): boolean =>
  names.some((name) => resolved?.held.includes(name) === true);

export const hasPackage = ({ project }: Evidence, ...names: readonly string[]): boolean =>
  names.some((name) => name in project.dependencies.packages);

export const hasApp = ({ facts }: Evidence, ...names: readonly string[]): boolean =>
  facts?.apps.some(({ name }) => names.includes(name)) === true;

/** Numbers of a version, so that `5.10` is after `5.9`; text in it counts as its end. */
const numbersIn = (version: string): number[] => (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);

/** Negative, zero or positive, as `a` is older, equal or newer. */
export function compareVersions(a: string, b: string): number {
  const left = numbersIn(a);
  const right = numbersIn(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** False too where the version is not known. */
export const djangoAtLeast = ({ facts }: Evidence, floor: string): boolean =>
  facts !== undefined && compareVersions(facts.django, floor) >= 0;

export const isDict = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Processes that run the project's code at the same time in the release that `up` would make. */
export function processCount({ resolved }: Evidence): number {
  if (resolved === undefined) return 0;
  return resolved.web.workers + resolved.processes.reduce((sum, { scale }) => sum + scale, 0);
}
