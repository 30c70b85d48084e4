import { parse } from 'smol-toml';

export type Table = { readonly [key: string]: unknown };

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The document, or undefined when it is no TOML. */
export function parseToml(text: string): Table | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** The value under nested keys. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) here = isTable(here) ? here[key] : undefined;
  return here;
}

export const tableAt = (value: unknown, ...path: readonly string[]): Table => {
  const here = at(value, ...path);
  return isTable(here) ? here : {};
};

export const stringAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const here = at(value, ...path);
  return typeof here === 'string' ? here : undefined;
};

export const stringsAt = (value: unknown, ...path: readonly string[]): string[] => {
  const here = at(value, ...path);
  return Array.isArray(here) ? here.filter((item) => typeof item === 'string') : [];
};

export const tablesAt = (value: unknown, ...path: readonly string[]): Table[] => {
  const here = at(value, ...path);
  return Array.isArray(here) ? here.filter(isTable) : [];
};
