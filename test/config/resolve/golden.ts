import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compares with `goldens/NAME.json` beside the source of this file; with UPDATE_GOLDENS=1 writes it instead. */
export function golden(name: string, value: unknown): void {
  const path = fileURLToPath(new URL(`../../../../test/config/resolve/goldens/${name}.json`, import.meta.url));
  const text = JSON.stringify(value, null, 2) + '\n';
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `${path} is missing: UPDATE_GOLDENS=1`);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(path, 'utf8')));
}
