import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imports, tokens } from './source-tokens.js';

const specifiers = (text: string): string[] => imports(tokens(text)).map(({ specifier }) => specifier);

test('every way to name a module is seen', () => {
  const text = `import a from 'a';
import 'b';
import { type C, d } from "c";
import type { E } from 'e';
import * as f from
  'f';
export * from 'g';
export { h } from 'h';
export type { I } from 'i';
export type * from 'j';
const k = await import('k');
type L = import('l').L;
export { k as from };
export const m = { from: 'no', import: 'no' };
export type N = { from: 'no' };
const o = import.meta.url;
`;
  assert.deepEqual(specifiers(text), ['a', 'b', 'c', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']);
});

test('what only looks like one is not', () => {
  const text = [
    "// import 'no1';",
    "/* import 'no2'; */",
    'const a = "import \'no3\'";',
    "const b = `import 'no4' ${c(`import 'no5' ${d} import('no6')`)} import 'no7'`;",
    "const e = /import 'no8'`\\//.test(f) ? g / 2 : h / 3;",
    'const i = { a: /[/\'"`]/ };',
    "j.import('no9');",
    "import 'yes';",
  ].join('\n');
  assert.deepEqual(specifiers(text), ['yes']);
});

// The sources of these tests are strings that hold templates.
test('inside a template there is code', () => {
  const text = "const a = `x ${await import('seen')} ${{ b: { c: `${import('also')}` } }} '`; import 'last';";
  assert.deepEqual(specifiers(text), ['seen', 'also', 'last']);
});

test('a computed module is an error', () => {
  assert.throws(() => specifiers('const a = await import(name);'), /computed/);
});

test('lines and kinds', () => {
  assert.deepEqual(
    tokens("a = `\n${b}` // any\n  / 'c'").map(({ kind, text, line }) => `${line} ${kind} ${text}`),
    ['1 word a', '1 sign =', '1 template `\n${', '2 word b', '2 template }`', '2 comment // any', '3 sign /', '3 string c'],
  );
});
