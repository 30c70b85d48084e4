import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** dist/test/support/golden.js → the repository. */
const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/**
 * Compares a text with the one that is kept in `test/<path>`. UPDATE_GOLDENS=1 writes it instead, to be read in the diff.
 * @param path `cli/goldens/help-up.txt`
 */
export function assertGolden(path: string, actual: string): void {
  const file = join(ROOT, 'test', path);
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.equal(actual, readFileSync(file, 'utf8'), `differs from test/${path}; UPDATE_GOLDENS=1 takes the new one`);
}
