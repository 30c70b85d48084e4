import { parseDocument } from './document.js';
import { issueProblems } from './issues.js';
import { locate, type Path, startOf } from './locate.js';
import { plainData } from './plain.js';
import { type Config, configSchema } from './schema.js';
import { failureOf, type Problem, placeOf, type Source } from './source.js';

export interface ParsedConfig {
  readonly config: Config;
  /** Where a key stands: `slipway.yml:12:5`; undefined for one that is not in the file. */
  readonly where: (key: Path) => string | undefined;
}

/**
 * A configuration's text, read and checked. @param name what the file is called in messages
 * @throws Failure CONFIG_… (config)
 */
export function parseConfig(text: string, name: string): ParsedConfig {
  const source: Source = { name, text };
  const { document, problems } = parseDocument(source);
  if (document === undefined) return { config: {}, where: () => undefined };
  const data = plainData(source, document);
  const checked = configSchema.safeParse(data);
  const all = checked.success ? problems : together(problems, issueProblems(checked.error.issues, document, text, data));
  const [first, ...rest] = all;
  if (first !== undefined) throw failureOf(source, [first, ...rest]);
  const where = (key: Path): string | undefined => {
    const found = locate(document, key);
    return valueIn(data, key) ? placeOf(source, startOf(found.key ?? found.value)) : undefined;
  };
  return { config: checked.success ? checked.data : {}, where };
}

/** The schema says nothing about a place that is already told to be wrong. */
function together(first: readonly Problem[], second: readonly Problem[]): readonly Problem[] {
  const told = new Set(first.map((problem) => problem.at));
  return [...first, ...second.filter((problem) => !told.has(problem.at))];
}

function valueIn(data: unknown, key: Path): boolean {
  let here = data;
  for (const step of key) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return false;
    here = Object.entries(here).find(([name]) => name === String(step))?.[1];
  }
  return true;
}
