import type { Module } from './python/ast.js';
import { parsePython } from './python/parse.js';
import { join, parentOf, type Tree } from './tree.js';

/** The project's Python, found by module name and parsed once. */
export class Sources {
  readonly #modules = new Map<string, Module | undefined>();

  constructor(
    readonly tree: Tree,
    /** Folders of the tree that are on `sys.path`, first wins. */
    readonly searchPath: readonly string[],
  ) {}

  /** The parsed file, or undefined when the tree has none such. */
  parse(path: string): Module | undefined {
    if (!this.#modules.has(path)) {
      const text = this.tree.text(path);
      this.#modules.set(path, text === undefined ? undefined : parsePython(path, text));
    }
    return this.#modules.get(path);
  }

  /** The file of a module of the project: `shop.settings` is `shop/settings.py` or `shop/settings/__init__.py`. */
  fileOf(module: string): string | undefined {
    if (!/^[^\W\d]\w*(\.[^\W\d]\w*)*$/u.test(module)) return undefined;
    const path = module.replaceAll('.', '/');
    for (const folder of this.searchPath) {
      const base = join(folder, path);
      for (const file of [`${base}/__init__.py`, `${base}.py`]) if (this.tree.has(file)) return file;
    }
    return undefined;
  }

  /** True for a package without `__init__.py` too. */
  hasModule(module: string): boolean {
    const path = module.replaceAll('.', '/');
    return this.fileOf(module) !== undefined || this.searchPath.some((folder) => this.tree.hasFolder(join(folder, path)));
  }

  /** The name a file is imported by; undefined for one outside the search path. */
  moduleOf(path: string): string | undefined {
    const inside = this.searchPath.filter((folder) => folder === '' || path.startsWith(`${folder}/`));
    const nearest = inside.sort((a, b) => b.length - a.length).find((folder) => !this.tree.has(join(folder, '__init__.py')));
    if (nearest === undefined) return undefined;
    const local = nearest === '' ? path : path.slice(nearest.length + 1);
    return local.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.');
  }

  /** What `from ..x import` in `path` names, absolute; level 0 is the module as written. */
  absolute(path: string, level: number, module: string): string | undefined {
    if (level === 0) return module;
    const own = this.moduleOf(path);
    if (own === undefined) return undefined;
    const parts = own.split('.');
    const keep = parts.length - level + (path.endsWith('/__init__.py') ? 1 : 0);
    if (keep < 0) return undefined;
    return [...parts.slice(0, keep), ...(module === '' ? [] : [module])].join('.');
  }
}

/** The folders imports are looked up in: that of manage.py, then the layouts packages are kept in. */
export function searchPath(tree: Tree, directory: string): string[] {
  const folders = [directory, join(directory, 'src'), parentOf(directory), '', 'src'];
  return [...new Set(folders.map((folder) => (folder === '.' ? '' : folder)))].filter((folder) => tree.hasFolder(folder));
}
