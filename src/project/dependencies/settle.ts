import { type Found, found } from '../../core/found.js';
import type { Dependencies } from '../../core/project.js';
import type { Tree } from '../tree.js';
import type { Option } from './option.js';
import { versions } from './packages.js';
import { pinnedVersion } from './requirement.js';
import { logicalLines } from './requirements-file.js';

/** The chosen option as the rest of the program sees it. */
export function settle(
  chosen: Option | undefined,
  directory: string,
  installProject: boolean,
  guessed: readonly Found<string>[],
  undeclared: readonly Found<string>[],
  manifests: readonly string[] = [],
): Dependencies {
  if (chosen === undefined) {
    const packages = Object.fromEntries(guessed.map((one) => [one.value.replace(/[<>=!~[ ].*$/, ''), null]));
    const manager = found('none' as const, 'no lock file, requirements, pyproject or setup.py was found');
    return { manager, files: [], inputs: [], directory, groups: [], extras: [], installProject: false, packages, guessed };
  }
  return {
    manager: found(chosen.manager, chosen.why),
    files: chosen.files,
    // What builds the project is decided in its manifests, whatever its dependencies are listed in.
    inputs: [...new Set([...chosen.inputs, ...(installProject ? manifests : [])])],
    directory: chosen.directory,
    groups: chosen.groups,
    extras: chosen.extras,
    installProject,
    packages: versions(chosen.packages),
    ...(undeclared.length === 0 ? {} : { undeclared }),
    guessed,
  };
}

/** The version or specifier of Django that is asked for. @param bounds what the code demands beside it */
export function djangoVersion(chosen: Option | undefined, bounds: readonly Found<string>[] = []): Found<string> | undefined {
  const specifier = chosen?.packages.get('django');
  const bound = bounds.find(({ value }) => value.startsWith('Django<'));
  if (bound !== undefined) {
    const below = bound.value.slice('Django'.length);
    return found(specifier === undefined || specifier === '' ? below : `${specifier},${below}`, bound.from);
  }
  if (chosen === undefined || specifier === undefined || specifier === '') return undefined;
  return found(pinnedVersion(specifier) ?? specifier, chosen.files[0] ?? chosen.why);
}

/** Why an option may not be what production needs, and what else the tree offers. */
export function optionHints(chosen: Option | undefined, others: readonly Option[]): Found<string>[] {
  if (chosen === undefined) return [];
  const rest = others.filter((other) => other !== chosen && other.packages.size > 0).map((other) => other.files[0] ?? '');
  const also =
    rest.length === 0 ? [] : [found(`dependencies are also in ${[...new Set(rest)].slice(0, 8).join(', ')}`, chosen.why)];
  return [...chosen.hints.map((hint) => found(hint, chosen.files[0] ?? chosen.why)), ...also];
}

/** pip-tools output older than its source in what it pins cannot be seen; a source that asks for more than the output has can. */
export function staleOutput(tree: Tree, chosen: Option): Found<string>[] {
  const [file] = chosen.files;
  const source = file?.replace(/\.txt$/, '.in');
  if (file === undefined || source === undefined || source === file || !tree.has(source)) return [];
  const wanted = logicalLines(tree.text(source) ?? '')
    .map((line) =>
      /^[A-Za-z0-9._-]+/
        .exec(line.content)?.[0]
        .replaceAll(/[-_.]+/g, '-')
        .toLowerCase(),
    )
    .filter((name) => name !== undefined && !chosen.packages.has(name));
  return wanted.length === 0 ? [] : [found(`${source} asks for ${wanted.join(', ')}, which ${file} does not have`, source)];
}
