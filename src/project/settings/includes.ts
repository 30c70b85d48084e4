import type { Expr } from '../python/ast.js';
import { join, type Tree } from '../tree.js';

export interface Included {
  /** Undefined when nothing in the tree fits. */
  readonly file?: string;
  readonly pattern: string;
  readonly optional: boolean;
}

/** The files that `include("base.py", optional("local.py"), "components/*.py")` of django-split-settings names. */
export function includedFiles(tree: Tree, folder: string, call: Extract<Expr, { kind: 'call' }>, optional: boolean): Included[] {
  return call.args.flatMap((arg): Included[] => {
    if (arg.kind === 'call') return includedFiles(tree, folder, arg, true);
    if (arg.kind !== 'string') return [];
    const pattern = join(folder, arg.value);
    const files = tree.files.map((file) => file.path).filter((path) => globbed(pattern).test(path));
    if (files.length > 0) return files.map((file) => ({ file, pattern, optional }));
    return arg.value.includes('*') ? [] : [{ pattern, optional }];
  });
}

function globbed(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`);
}
