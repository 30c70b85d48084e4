import { type Found, found } from '../core/found.js';
import type { PythonWish } from '../core/project.js';
import { upwards } from './dependencies/choose.js';
import type { Option } from './dependencies/option.js';
import { readPyproject } from './dependencies/pyproject.js';
import { iniValue, readSetupPy } from './dependencies/setup-option.js';
import { pythonFor } from './django-python.js';
import { boundsOfImports } from './removed-modules.js';
import { parseToml, stringAt } from './toml.js';
import { join, type Tree } from './tree.js';
import { satisfies } from './version.js';

type Reader = (text: string) => string | undefined;

const VERSION = /^\s*(?:cpython-|python-?)?(\d+\.\d+(?:\.\d+)?)(?:[-+]\w+)?\s*$/im;

const first =
  (pattern: RegExp): Reader =>
  (text) =>
    pattern.exec(text)?.[1];

/** Files that name one version, best first. */
const NAMING: readonly (readonly [string, Reader])[] = [
  ['.python-version', (text) => VERSION.exec(text.replaceAll(/#.*$/gm, ''))?.[1]],
  ['runtime.txt', first(/^\s*python-(\d+\.\d+(?:\.\d+)?)/im)],
  ['.tool-versions', first(/^python\s+(\d+\.\d+(?:\.\d+)?)/m)],
  ['mise.toml', mise],
  ['.mise.toml', mise],
  ['.config/mise.toml', mise],
  ['Dockerfile', first(/^FROM\s+(?:--\S+\s+)?(?:\S*\/)?python:(\d+\.\d+(?:\.\d+)?)/im)],
  ['docker/Dockerfile', first(/^FROM\s+(?:--\S+\s+)?(?:\S*\/)?python:(\d+\.\d+(?:\.\d+)?)/im)],
];

function mise(text: string): string | undefined {
  const wanted = stringAt(parseToml(text), 'tools', 'python');
  return wanted === undefined ? undefined : VERSION.exec(wanted)?.[1];
}

function named(tree: Tree, directory: string): Found<string>[] {
  return upwards(directory).flatMap((folder) =>
    NAMING.flatMap(([name, read]) => {
      const path = join(folder, name);
      const version = read(tree.text(path) ?? '');
      return version === undefined ? [] : [found(version, path)];
    }),
  );
}

/** What manifests demand beside the one that is installed from. */
function demanded(tree: Tree, directory: string): Found<string>[] {
  return upwards(directory).flatMap((folder) => {
    const manifest = readPyproject(tree, folder);
    const python = manifest === undefined || manifest === 'broken' ? undefined : manifest.python;
    const config = iniValue(tree.text(join(folder, 'setup.cfg')) ?? '', 'options', 'python_requires');
    const script = readSetupPy(tree, folder)?.python;
    return [
      ...(python === undefined || python === '' ? [] : [found(python, join(folder, 'pyproject.toml'))]),
      ...(config === undefined ? [] : [found(config.replaceAll(/\s/g, ''), join(folder, 'setup.cfg'))]),
      ...(script === undefined ? [] : [found(script, join(folder, 'setup.py'))]),
    ];
  });
}

const unique = (all: readonly Found<string>[]): Found<string>[] =>
  all.filter((one, at) => all.findIndex((other) => other.value === one.value) === at);

/** Everything the tree says about the Python it wants. @param files those that the settings are made of */
export function pythonWish(
  tree: Tree,
  directory: string,
  chosen: Option | undefined,
  django: Found<string> | undefined,
  files: readonly string[] = [],
): PythonWish {
  const range = django === undefined ? undefined : pythonFor(django.value);
  const from = django === undefined ? '' : `Django ${django.value} (${django.from})`;
  const required = unique([
    ...(chosen?.python.map((wish) => found(wish.value, wish.from)) ?? []),
    ...demanded(tree, directory),
    ...(range === undefined ? [] : [found(range.required, from)]),
    ...boundsOfImports(tree, files),
  ]);
  const versions = named(tree, directory);
  const fitting = versions.find(({ value }) => required.every((wish) => satisfies(value, wish.value)));
  const preferred = fitting ?? versions[0];
  return {
    required,
    ...(range?.advised === undefined ? {} : { advised: [found(range.advised, from)] }),
    ...(preferred === undefined ? {} : { preferred }),
  };
}
