import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { flow } from '../../src/config/flow.js';
import { parseConfig } from '../../src/config/parse.js';
import type { Json } from '../../src/core/plan.js';
import { everySeed, HOSTILE, type Random } from './random.js';

test('as a person would write it', () => {
  const table: readonly (readonly [unknown, string])[] = [
    ['npm run build', 'npm run build'],
    ['3.12', '"3.12"'],
    ['yes', '"yes"'],
    ['', '""'],
    ['a: b', '"a: b"'],
    [{ a: [1, true, null, './x'], 'b c': {} }, '{a: [1, true, null, ./x], b c: {}}'],
    [{ '<<': 'x', '1': 'y' }, '{"1": "y", "<<": x}'],
    ['\u202e\u0085', '"\\u202e\\u0085"'],
  ];
  for (const [value, text] of table) assert.equal(flow(value), text);
});

function json(random: Random, depth: number): Json {
  const kind = random.below(depth > 0 ? 8 : 6);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1) return random.pick([0, -1, 1.5, 1e15, 123456789, 0.1]);
  if (kind === 2)
    return random.pick([
      'yes',
      'null',
      '3.10',
      '0x1F',
      '~',
      '<<',
      '-',
      '- a',
      '.inf',
      '.5',
      'a #b',
      '04:15',
      '=',
      'True',
      '2001-01-01',
    ]);
  if (kind < 6) return random.text(HOSTILE, 12);
  const items = Array.from({ length: random.below(4) }, () => json(random, depth - 1));
  return kind === 6 ? items : Object.fromEntries(items.map((item, index) => [`${random.text(HOSTILE, 8)}${index}`, item]));
}

test('any value comes back, by both versions of YAML and by our own reader', () => {
  everySeed(800, (random) => {
    const value = json(random, 3);
    const text = flow(value);
    const label = `seed ${random.seed}: ${text}`;
    assert.ok(!/\n/.test(text), label);
    assert.deepEqual(parse(text, { version: '1.2' }), value, label);
    assert.deepEqual(parse(text, { version: '1.1' }), value, label);
    if (random.seed % 10 === 0) assert.deepEqual(parseConfig(`settings: {A: ${text}}`, 'x').config.settings, { A: value }, label);
  });
});
