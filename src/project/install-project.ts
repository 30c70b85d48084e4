import type { Option } from './dependencies/option.js';
import { type Pyproject, readPyproject } from './dependencies/pyproject.js';
import { normalise } from './dependencies/requirement.js';
import { iniValue, readSetupPy } from './dependencies/setup-option.js';
import type { Candidate } from './find-projects.js';
import type { Outcome } from './settings/outcome.js';
import type { Sources } from './sources.js';
import { join } from './tree.js';

/** Whether the project must be installed as a distribution besides its dependencies. */
export function mustInstall(
  sources: Sources,
  project: Candidate,
  chosen: Option | undefined,
  settingsFile: string,
  settingsModule: string,
  outcome: Outcome,
): boolean {
  if (chosen === undefined) return false;
  const found = readPyproject(sources.tree, chosen.directory);
  const manifest = found === 'broken' ? undefined : found;
  const installable =
    manifest?.buildSystem === true || sources.tree.has(join(chosen.directory, 'setup.py')) || (manifest?.standard ?? false);
  if (!installable) return false;
  const path = settingsModule.replaceAll('.', '/');
  const importable = [project.directory, ...addedToPath(sources, project)].some((folder) =>
    settingsFile.startsWith(join(folder, path)),
  );
  return (
    project.managePy === undefined || !importable || asksForItself(sources, nameOf(sources, chosen.directory, manifest), outcome)
  );
}

/** Folders that manage.py itself puts on `sys.path`: `sys.path.insert(0, os.path.join(BASE, "src"))`. */
function addedToPath({ tree }: Sources, { directory, managePy }: Candidate): string[] {
  const lines = managePy === undefined ? '' : (tree.text(managePy) ?? '');
  return [...lines.matchAll(/^\s*sys\.path\.(?:append|insert)\((.*)\)\s*(?:#.*)?$/gm)].flatMap(([, argument = '']) => {
    const literals = [...argument.matchAll(/["']([\w./-]+)["']/g)].map(([, text = '']) =>
      text.replace(/^\.\//, '').replace(/^\/|\/$/g, ''),
    );
    const folder = join(directory, literals.join('/'));
    return literals.length > 0 && tree.hasFolder(folder) ? [folder] : [];
  });
}

/** Of the distribution: from whichever manifest tells it. */
const nameOf = ({ tree }: Sources, directory: string, manifest: Pyproject | undefined): string | undefined =>
  manifest?.name ??
  readSetupPy(tree, directory)?.name ??
  iniValue(tree.text(join(directory, 'setup.cfg')) ?? '', 'metadata', 'name');

/** Modules that are imported with their package, and where a version is kept. */
const VERSIONED = /(^|\/)(__init__|_?version|__version__|__about__)\.py$/;

/** Code that looks up its own distribution at import: `importlib.metadata.version("shop")`. */
function asksForItself(sources: Sources, name: string | undefined, outcome: Outcome): boolean {
  const own = name === undefined ? undefined : normalise(name);
  if (own === undefined) return false;
  const modules = sources.tree.files.map(({ path }) => path).filter((path) => VERSIONED.test(path));
  return [...new Set([...outcome.files, ...modules])].some((path) =>
    [
      ...(sources.tree.text(path) ?? '').matchAll(
        /\b(?:version|get_distribution|distribution|metadata|files)\(\s*["']([\w.-]+)["']/g,
      ),
    ].some((match) => normalise(match[1] ?? '') === own),
  );
}
