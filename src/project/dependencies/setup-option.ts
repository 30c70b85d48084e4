import type { Expr } from '../python/ast.js';
import { parsePython } from '../python/parse.js';
import { allExpressions, dotted } from '../python/walk.js';
import { join, type Tree } from '../tree.js';
import { setupFiles } from './locked.js';
import { type Option, option } from './option.js';
import { fromStrings, type Packages } from './packages.js';
import { logicalLines } from './requirements-file.js';

interface Setup {
  readonly name?: string;
  readonly packages: Packages;
  readonly python?: string;
  readonly scripts: boolean;
  readonly dynamic: boolean;
}

const strings = (expr: Expr | undefined): string[] =>
  expr !== undefined && (expr.kind === 'list' || expr.kind === 'tuple')
    ? expr.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
    : [];

/** The literal arguments of `setup(…)`; what is computed is marked `dynamic`. */
export function readSetupPy(tree: Tree, directory: string): Setup | undefined {
  const path = join(directory, 'setup.py');
  const text = tree.text(path);
  if (text === undefined) return undefined;
  const module = parsePython(path, text);
  const assigned = new Map<string, Expr>();
  for (const stmt of module.body) {
    if (stmt.kind === 'assign')
      for (const target of stmt.targets) if (target.kind === 'name') assigned.set(target.name, stmt.value);
  }
  const call = [...allExpressions(module.body)].find(
    // A build command of the script's own may call `django.setup()`.
    (expr) => expr.kind === 'call' && expr.keywords.length > 0 && /(^|\.)setup$/.test(dotted(expr.callee) ?? ''),
  );
  if (call?.kind !== 'call') return undefined;
  const argument = (name: string): Expr | undefined => {
    const value = call.keywords.find((keyword) => keyword.name === name)?.value;
    return value?.kind === 'name' ? assigned.get(value.name) : value;
  };
  const requires = argument('install_requires');
  const python = argument('python_requires');
  const name = argument('name');
  return {
    ...(name?.kind === 'string' ? { name: name.value } : {}),
    packages: fromStrings(strings(requires)),
    ...(python?.kind === 'string' ? { python: python.value.replaceAll(/\s/g, '') } : {}),
    scripts: argument('entry_points') !== undefined || argument('scripts') !== undefined,
    dynamic: requires !== undefined && requires.kind !== 'list' && requires.kind !== 'tuple',
  };
}

/** The value of a key of an INI file such as setup.cfg, continuation lines joined by newlines. */
export function iniValue(text: string, section: string, key: string): string | undefined {
  let here = '';
  let collected: string[] | undefined;
  for (const line of text.split('\n')) {
    const header = /^\[([^\]]+)\]/.exec(line);
    if (collected !== undefined) {
      if (/^\s+\S/.test(line)) {
        collected.push(line.trim());
        continue;
      }
      if (line.trim() !== '' && !/^\s*[#;]/.test(line)) break;
      continue;
    }
    if (header !== null) here = header[1] ?? '';
    const pair = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line);
    if (here === section && pair?.[1] === key) collected = [pair[2] ?? ''];
  }
  return collected?.filter((line) => line !== '').join('\n');
}

/** setup.py or setup.cfg as the place where dependencies are declared. */
export function setupOptions(tree: Tree, directory: string): Option[] {
  const files = setupFiles(tree, directory);
  const [first] = files;
  if (first === undefined) return [];
  const script = readSetupPy(tree, directory);
  const config = tree.text(join(directory, 'setup.cfg')) ?? '';
  const listed = logicalLines(iniValue(config, 'options', 'install_requires') ?? '').map((line) => line.content);
  const packages: Packages = new Map([...fromStrings(listed), ...(script?.packages ?? [])]);
  const python = script?.python ?? iniValue(config, 'options', 'python_requires');
  if (packages.size === 0 && script?.dynamic !== true) return [];
  return [
    option({
      manager: 'setup.py',
      directory,
      files,
      packages,
      python: python === undefined ? [] : [{ value: python.replaceAll(/\s/g, ''), from: first }],
      rank: 50,
      why: first,
    }),
  ];
}
