import { parse } from 'yaml';
import { at, isTable } from '../toml.js';
import { join, type Tree } from '../tree.js';
import { type Option, option } from './option.js';
import type { Packages } from './packages.js';
import { parseRequirement } from './requirement.js';

/** `name=1.2=build`, `name>=1`, `channel::name 1.2.*` as conda writes them. */
function condaRequirement(text: string): readonly [string, string] | undefined {
  const match = /^(?:[\w-]+::)?([A-Za-z0-9_.-]+)\s*(.*)$/.exec(text.trim());
  if (match === null) return undefined;
  const version = (match[2] ?? '').trim();
  const exact = /^={0,2}\s*([\w.*]+)/.exec(version)?.[1];
  const specifier = /^[<>!~]/.test(version)
    ? version
    : exact === undefined
      ? ''
      : `==${exact.endsWith('*') ? exact : `${exact}`}`;
  return [(match[1] ?? '').toLowerCase(), specifier];
}

/** environment.yml: conda's list with pip's inside it. */
export function condaOptions(tree: Tree, directory: string): Option[] {
  const path = ['environment.yml', 'environment.yaml', 'conda.yml']
    .map((name) => join(directory, name))
    .find((name) => tree.has(name));
  if (path === undefined) return [];
  let document: unknown;
  try {
    document = parse(tree.text(path) ?? '');
  } catch {
    return [];
  }
  const items = at(document, 'dependencies');
  if (!Array.isArray(items)) return [];
  const packages: Packages = new Map();
  let python: string | undefined;
  for (const item of items) {
    for (const [name, specifier] of entries(item)) {
      if (name === 'python') python = specifier;
      else if (name !== 'pip') packages.set(name, specifier);
    }
  }
  const wish = python === undefined || python === '' ? [] : [{ value: loosen(python), from: path }];
  return [option({ manager: 'conda', directory, files: [path], packages, python: wish, rank: 40, why: path })];
}

function entries(item: unknown): (readonly [string, string])[] {
  if (typeof item === 'string') return [condaRequirement(item)].filter((one) => one !== undefined);
  const pip = isTable(item) ? item['pip'] : undefined;
  if (!Array.isArray(pip)) return [];
  return pip.flatMap((line) => {
    const requirement = typeof line === 'string' ? parseRequirement(line) : undefined;
    return requirement === undefined ? [] : [[requirement.name, requirement.specifier] as const];
  });
}

/** conda's `python=3.11` means any 3.11. */
const loosen = (specifier: string): string => (/^==\d+\.\d+$/.test(specifier) ? `${specifier}.*` : specifier);
