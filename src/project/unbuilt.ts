import { type Found, found } from '../core/found.js';
import type { UnbuiltFile } from '../core/project.js';
import { join, parentOf, type Tree } from './tree.js';

/** Served files that are named one by one in a .gitignore and are not in the tree. */
export function unbuiltFiles(tree: Tree): UnbuiltFile[] {
  const makefile = ['Makefile', 'makefile', 'GNUmakefile'].find((name) => tree.has(name));
  return tree.named('.gitignore').flatMap((ignore) =>
    ignored(tree, ignore).map((file) => {
      const maker = makefile === undefined ? undefined : makerOf(tree.text(makefile) ?? '', makefile, file.value);
      return { file, ...(maker === undefined ? {} : { maker }) };
    }),
  );
}

/** Only whole paths: a pattern says nothing about what the app wants. */
function ignored(tree: Tree, ignore: string): Found<string>[] {
  const lines = (tree.text(ignore) ?? '').split('\n');
  return lines.flatMap((line, at) => {
    const entry = line.trim();
    if (!/^[\w@/.-]+\.(css|m?js)$/.test(entry) || !entry.includes('/')) return [];
    const path = join(parentOf(ignore), entry.replace(/^\//, ''));
    // Without the folder, it is left over from something that is gone.
    const served = /(^|\/)(static|assets)\//.test(path) && tree.hasFolder(parentOf(path));
    return served && !tree.has(path) ? [found(path, `${ignore}:${at + 1}`)] : [];
  });
}

/** The target whose recipe writes a file of that name. */
function makerOf(makefile: string, name: string, path: string): Found<readonly string[]> | undefined {
  const last = path.split('/').at(-1) ?? path;
  let target: string | undefined;
  for (const [at, line] of makefile.split('\n').entries()) {
    const rule = /^([A-Za-z][\w.-]*)\s*:(?!=)/.exec(line)?.[1];
    if (rule !== undefined) target = rule;
    const writes =
      line.startsWith('\t') && new RegExp(`(-o|--output|>)[ =]*\\S*${last.replaceAll('.', '\\.')}(\\s|$)`).test(line);
    if (writes && !/--watch\b/.test(line) && target !== undefined) return found(['make', target], `${name}:${at + 1}`);
  }
  return undefined;
}
