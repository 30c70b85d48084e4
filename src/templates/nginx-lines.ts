/** Lines of an nginx configuration: a string is a line, an array its lines, false and undefined nothing. */
export type Lines = string | false | undefined | readonly Lines[];

/** Flat list of lines. */
export function flat(lines: Lines): string[] {
  if (lines === false || lines === undefined) return [];
  return typeof lines === 'string' ? [lines] : lines.flatMap(flat);
}

/** `head { … }` with its lines indented. */
export const block = (head: string, ...lines: Lines[]): string[] => [
  `${head} {`,
  ...flat(lines).map((line) => (line === '' ? '' : `  ${line}`)),
  '}',
];

/** `map SOURCE VARIABLE { … }`; entries are written as they are, so whoever makes them quotes them. */
export const map = (source: string, variable: string, entries: readonly (readonly [string, string])[]): string[] =>
  block(`map ${source} ${variable}`, ...entries.map(([key, value]) => `${key} ${value};`));
