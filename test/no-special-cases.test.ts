import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LADDER } from './corpus/ladder.js';
import { PROJECTS } from './live/pypi-projects/projects.js';
import { ROOT } from './support/slipway.js';

/** Words that a project's name shares with the trade, or that name a library too. */
const COMMON = /^(django|sample|recipes|server|library|tutorial|docker|ecommerce|crm|guide|examples|argus|wagtail)$/i;

const NAMES = [
  ...new Set([
    ...PROJECTS.map(({ name }) => name),
    ...LADDER.flatMap(({ repository, folder, below }) => [
      ...repository.split('/'),
      folder,
      ...(below === undefined ? [] : [below]),
    ]),
  ]),
].filter((name) => !COMMON.test(name));

test('nothing that Slipway runs knows a project of the ladder, or one from PyPI, by name', () => {
  const sources = ['src', 'python'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|py|json|toml)$/.test(path))
      .map((path) => join(folder, path)),
  );
  assert.ok(sources.length > 300, 'the sources are where they were');
  const known = sources.flatMap((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return NAMES.filter((name) => new RegExp(`(?<![\\w-])${name.replace(/[.+]/g, '\\$&')}(?![\\w-])`, 'i').test(text)).map(
      (name) => `${path} names ${name}`,
    );
  });
  assert.deepEqual(known, []);
});
