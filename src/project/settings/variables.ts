import type { Variable } from '../../core/project.js';
import { upwards } from '../dependencies/choose.js';
import { envFileNames } from '../env-file.js';
import type { Sources } from '../sources.js';
import { join, parentOf, type Tree } from '../tree.js';
import { meaningOf } from './meaning.js';
import type { Outcome, Read } from './outcome.js';

/** Names that a `.env` file of the tree gives to settings that load one. */
export function loadedNames(sources: Sources, directory: string, outcome: Outcome): Set<string> {
  const decouple = outcome.imports.some((one) => /^decouple(\.|$)/.test(one.module));
  if (outcome.dotenv.length === 0 && !decouple) return new Set();
  const last = outcome.files.at(-1) ?? '';
  const folders = new Set([...outcome.files.flatMap((file) => upwards(parentOf(file))), ...upwards(directory), parentOf(last)]);
  const names = [...folders].flatMap((folder) => envFileNames(sources.tree.text(join(folder, '.env')) ?? ''));
  return new Set(names);
}

/** Names that an example or a compose file tells about. */
export function documentedNames(tree: Tree): Set<string> {
  const examples = tree.named(/^\.?env([-_.].*)?$|.*\.env([-_.].*)?$|^app\.json$|^render\.yaml$|compose[^/]*\.ya?ml$/i);
  const names = examples.slice(0, 40).flatMap((path) => namesIn(tree.text(path) ?? ''));
  return new Set(names);
}

const namesIn = (text: string): string[] =>
  [...text.matchAll(/^\s*(?:#\s*)?(?:-\s*)?["']?(?:export\s+)?([A-Z][A-Z0-9_]{2,})["']?\s*[=:]/gm)].map(
    (match) => match[1] ?? '',
  );

/** The variables as `Project` tells them; what a `.env` file in the tree gives is not asked for. */
export function variablesOf(outcome: Outcome, given: ReadonlySet<string>): Variable[] {
  return [...outcome.reads.values()].filter((read) => !isDjangos(read)).map((read) => variable(read, given));
}

const isDjangos = (read: Read): boolean => /^DJANGO_(SETTINGS_MODULE|CONFIGURATION)$/.test(read.name);

function variable(read: Read, given: ReadonlySet<string>): Variable {
  const meaning = meaningOf(read);
  const [setting] = read.settings;
  return {
    name: read.name,
    from: read.from,
    required: read.required && !given.has(read.name),
    ...(read.fallback === undefined ? {} : { default: read.fallback }),
    type: read.type,
    ...(read.type === 'list' ? { separator: read.separator ?? ',' } : {}),
    ...(read.off === undefined ? {} : { off: read.off }),
    ...(meaning === undefined ? {} : { meaning }),
    ...(setting === undefined ? {} : { setting }),
  };
}
