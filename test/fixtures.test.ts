import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './support/slipway.js';

const table = readFileSync(join(ROOT, 'test/fixtures/README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| cause') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** Words in backticks. */
const named = (cell: string | undefined): string[] => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

test('every fixture is used by a test', () => {
  const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(ROOT, 'test', path), 'utf8'))
    .join('\n');
  for (const name of readdirSync(join(ROOT, 'test/fixtures/projects'))) {
    assert.ok(new RegExp(`['/]${name}['/]`).test(tests), `no test uses test/fixtures/projects/${name}`);
  }
});

test('every fixture and every test of the table is there, and the test names the fixture', () => {
  for (const [, cause, fixtures, tests] of table) {
    const texts = named(tests).map((name) => readFileSync(join(ROOT, `test/${name}.test.ts`), 'utf8'));
    assert.ok(texts.length > 0, cause);
    for (const name of named(fixtures)) {
      const folders = ['test/fixtures/projects', 'test/fixtures', ''].map((folder) => join(ROOT, folder, name));
      assert.ok(folders.some(existsSync), `${cause}: ${name}`);
      const last =
        name
          .split('/')
          .filter((part) => part !== '')
          .at(-1) ?? '';
      assert.ok(
        texts.some((text) => text.includes(last)),
        `${cause}: ${named(tests).join(', ')} name no ${last}`,
      );
    }
  }
});
