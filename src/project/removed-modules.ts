import { type Found, found } from '../core/found.js';
import type { Tree } from './tree.js';

/** Modules of the standard library and the Python that no longer has them. https://docs.python.org/3/whatsnew/3.12.html#removed */
const REMOVED: Readonly<Record<string, string>> = { imp: '3.12', asynchat: '3.12', asyncore: '3.12', smtpd: '3.12', cgi: '3.13' };

const IMPORT = /^[ \t]*(?:import|from)[ \t]+(imp|asynchat|asyncore|smtpd|cgi)\b(?![ \t]*\.)/;

/** Bounds that the settings' own imports set; one that is tried, and done without, sets none. @param files those that the settings are made of */
export function boundsOfImports(tree: Tree, files: readonly string[]): Found<string>[] {
  return files.flatMap((path) => {
    const lines = (tree.text(path) ?? '').split('\n');
    return lines.flatMap((line, index) => {
      const module = IMPORT.exec(line)?.[1];
      if (module === undefined || /^\s*try:/.test(lines[index - 1] ?? '')) return [];
      return [found(`<${REMOVED[module]}`, `${path}:${index + 1} imports ${module}`)];
    });
  });
}
