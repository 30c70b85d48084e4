import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { flow } from '../../src/config/flow.js';
import { alternatives, jsonSchema, keysAt, type SchemaNode, schemaAt } from '../../src/config/json-schema.js';
import { parseConfig } from '../../src/config/parse.js';
import { configReference } from '../../src/config/reference.js';
import { ROOT } from '../support/slipway.js';

const root = jsonSchema('draft-2020-12');

/** Every key with its path; `x` where any name may stand. */
function* keys(
  node: SchemaNode,
  path: readonly (string | number)[],
): Generator<readonly [readonly (string | number)[], SchemaNode]> {
  for (const option of alternatives(root, node)) {
    for (const [name, inner] of Object.entries(option.properties ?? {})) {
      assert.ok(typeof inner === 'object');
      yield [[...path, name], inner];
      yield* keys(inner, [...path, name]);
    }
    const { additionalProperties: any, items } = option;
    if (!path.includes('settings') && typeof any === 'object') yield* keys(any, [...path, 'x']);
    if (!path.includes('settings') && typeof items === 'object' && !Array.isArray(items)) yield* keys(items, [...path, 0]);
  }
}

const all = [...keys(root, [])];

test('every key has a description and an example', () => {
  assert.ok(all.length > 90, `${all.length}`);
  for (const [path, node] of all) {
    assert.match(node.description ?? '', /^[A-Z“].*\.$|`/, path.join('.'));
    assert.ok((node.examples ?? []).length > 0, path.join('.'));
  }
});

/** The smallest configuration that holds a value at a path: what must stand beside it is taken from the examples. */
function holding(path: readonly (string | number)[], value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, step, at) =>
      typeof step === 'number' ? [inner] : { ...beside(path.slice(0, at), step), [nameAt(path, at) ?? step]: inner },
    value,
  );
}

/** A map by paths takes no other names. */
const nameAt = (path: readonly (string | number)[], at: number): string | undefined =>
  path[at - 1] === 'protect' ? '/x/' : undefined;

function beside(path: readonly (string | number)[], key: string): object {
  if (path.length === 2 && path[0] === 'environments') return { target: 'server', hosts: ['a.example'] };
  const node = schemaAt(root, path);
  const example = node?.examples?.find(
    (one): one is object => typeof one === 'object' && one !== null && key in one && path.length > 0,
  );
  const options = node === undefined ? [] : alternatives(root, node);
  const required = options.flatMap((option) => option.required ?? []);
  return example ?? Object.fromEntries(required.map((name) => [name, schemaAt(root, [...path, name])?.examples?.[0]]));
}

test('every example is taken by the reader', () => {
  for (const [path, node] of all) {
    for (const example of node.examples ?? []) {
      const text = flow(holding(path, example));
      assert.doesNotThrow(() => parseConfig(text, 'x'), `${path.join('.')}: ${text}`);
    }
  }
});

test('the schema at a path', () => {
  assert.equal(schemaAt(root, ['web', 'workers'])?.type, 'integer');
  assert.deepEqual(keysAt(root, ['environments', 'x', 'hosts', 0]), ['address', 'roles', 'private_address']);
  assert.deepEqual(schemaAt(root, ['nothing']), undefined);
  assert.deepEqual(keysAt(root, ['app']), []);
});

test('the files made from the schema are as the schema is', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/generate.mjs'), '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('the reference tells every key', () => {
  const text = configReference();
  const general = new Set(Object.keys(root.properties ?? {}));
  for (const [path] of all) {
    if (path[0] === 'environments' && general.has(String(path[2]))) continue;
    if (path.at(-1) === 'secret') continue;
    const [top, ...rest] = path;
    const shown = rest
      .map((step) => (step === 'x' ? '.NAME' : typeof step === 'number' ? '[]' : `.${step}`))
      .join('')
      .slice(1);
    assert.ok(text.includes(rest.length === 0 ? `## \`${top}\`` : `| \`${shown}\` |`), path.join('.'));
  }
});
