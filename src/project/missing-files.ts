import type { MissingFile } from '../core/project.js';
import type { Outcome } from './settings/outcome.js';
import { join, parentOf, type Tree } from './tree.js';

/** Files that the settings want and the tree lacks, each with the example the project ships for it. */
export function missingFiles(tree: Tree, outcome: Outcome): MissingFile[] {
  const modules = outcome.missing
    .filter((one) => one.certainty !== 'never')
    .map((one) => ({ path: one.path, from: one.from, required: one.certainty === 'sure' && !one.guarded }));
  const names = new Set(tree.files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  const opened = outcome.opened
    .filter(
      (one) => one.certainty === 'sure' && !names.has(one.name.slice(one.name.lastIndexOf('/') + 1)) && !one.name.startsWith('/'),
    )
    .map((one) => ({ path: one.name, from: one.from, required: !one.guarded }));
  const all = [...modules, ...opened];
  return all
    .filter((one, at) => all.findIndex((other) => other.path === one.path) === at)
    .map((one) => {
      const example = exampleOf(tree, one.path);
      return example === undefined ? one : { ...one, example };
    });
}

const EXAMPLE = '(?:example|sample|template|dist|default|tmpl|tpl)';

/** `local_settings.py` is shown by `local_settings.py.example`, `local_settings_example.py`, `local_settings.example.py`, `example_local_settings.py`. */
function exampleOf(tree: Tree, path: string): string | undefined {
  const folder = parentOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const stem = literal(dot < 0 ? name : name.slice(0, dot));
  const ending = literal(dot < 0 ? '' : name.slice(dot));
  const pattern = new RegExp(
    `^(?:${stem}${ending}[._-]${EXAMPLE}|${stem}[._-]${EXAMPLE}${ending}|${EXAMPLE}[._-]${stem}${ending}|${stem}${ending}[._-]${EXAMPLE}\\.\\w+)$`,
    'i',
  );
  const near = [...tree.filesIn(folder), ...tree.filesIn(parentOf(folder)), ...tree.filesIn(join(folder, 'examples'))];
  return near.find((file) => pattern.test(file.slice(file.lastIndexOf('/') + 1)));
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
