import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Sources, searchPath } from '../../src/project/sources.js';
import { readTree } from '../../src/project/tree.js';

/** A committed example project. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/projects/${name}`, import.meta.url));

/** A throw-away tree, taken away after `use`. */
export async function withTree<T>(
  files: Readonly<Record<string, string | Buffer>>,
  use: (root: string) => T | Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-tree-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function sourcesOf(root: string, directory = ''): Promise<Sources> {
  const tree = await readTree(root);
  return new Sources(tree, searchPath(tree, directory));
}
