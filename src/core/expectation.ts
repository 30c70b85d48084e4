import type { Response } from './command.js';

/** What an answer must look like, as data, so that a check can travel to another host. Patterns are JavaScript regular expressions. */
export interface Expectation {
  readonly status?: readonly number[];
  /** Headers that must be there, each matching its pattern. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that may be there at most once. */
  readonly once?: readonly string[];
  readonly without?: readonly string[];
  readonly bodyHas?: string;
  readonly bodyLacks?: string;
}

/** Why the answer is not what was expected; undefined when it is. */
export function mismatch(response: Response, wanted: Expectation): string | undefined {
  if (wanted.status !== undefined && !wanted.status.includes(response.status)) {
    return `answered ${response.status} instead of ${wanted.status.join(' or ')}`;
  }
  for (const [name, pattern] of Object.entries(wanted.headers ?? {})) {
    const value = one(response, name);
    if (value === undefined) return `has no ${name} header`;
    if (!new RegExp(pattern).test(value)) return `has ${name}: ${value}`;
  }
  const twice = wanted.once?.find((name) => Array.isArray(response.headers[name]));
  if (twice !== undefined) return `has ${twice} more than once`;
  const unwanted = wanted.without?.find((name) => response.headers[name] !== undefined);
  if (unwanted !== undefined) return `has ${unwanted}: ${one(response, unwanted)}`;
  if (wanted.bodyHas !== undefined && !new RegExp(wanted.bodyHas).test(response.body)) return `lacks ${wanted.bodyHas}`;
  if (wanted.bodyLacks !== undefined && new RegExp(wanted.bodyLacks).test(response.body)) return `shows ${wanted.bodyLacks}`;
  return undefined;
}

function one(response: Response, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === 'string' ? value : value?.join(', ');
}
