/**
 * What an expression of a settings module comes to with no environment variable set; undefined where that cannot be known without running it.
 */
export type Value = string | number | boolean | null | Values | Mapping;
export type Values = readonly (Value | undefined)[];
export type Mapping = ReadonlyMap<string, Value | undefined>;

export const isValues = (value: Value | undefined): value is Values => Array.isArray(value);
export const isMapping = (value: Value | undefined): value is Mapping => value instanceof Map;

/** Python's truth; undefined for the unknown. */
export function truth(value: Value | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (isValues(value)) return value.length > 0;
  if (isMapping(value)) return value.size > 0;
  return Boolean(value);
}

/** The strings in a list; those that cannot be known are left out. */
export const strings = (value: Value | undefined): string[] =>
  isValues(value) ? value.filter((item) => typeof item === 'string') : [];
