import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedIndexes } from '../../src/ops/package-index.js';

const NAMED: readonly (readonly [content: string, urls: readonly string[]])[] = [
  ['--extra-index-url https://packages.shop.example/simple/\ndjango\n', ['https://packages.shop.example/simple/']],
  ['--index-url=https://ada:s3cret@packages.shop.example/simple', ['https://packages.shop.example/simple']],
  ['-i https://packages.shop.example/simple  # ours', ['https://packages.shop.example/simple']],
  ['-i https://pypi.org/simple\n', []],
  ['[[tool.uv.index]]\nname = "ours"\nurl = "https://packages.shop.example/simple"\n', ['https://packages.shop.example/simple']],
  [
    '[[tool.poetry.source]]\nname = "ours"\nurl = "https://a.example/simple/"\npriority = "supplemental"\n',
    ['https://a.example/simple/'],
  ],
  [
    '[[source]]\nurl = "https://pypi.org/simple"\nverify_ssl = true\nname = "pypi"\n\n[[source]]\nurl = "https://b.example/"\n',
    ['https://b.example/'],
  ],
  ['[project.urls]\nurl = "https://shop.example/"\n', []],
  ['--find-links https://shop.example/wheels\n', []],
];

test('indexes that a project names, without their log-ins', () => {
  for (const [content, urls] of NAMED) {
    const found = namedIndexes([{ path: 'file', content }]);
    assert.deepEqual(
      found.map(({ url }) => url),
      urls,
      content,
    );
  }
});

test('one that several files name is asked once', () => {
  const content = '--extra-index-url https://a.example/\n';
  assert.deepEqual(
    namedIndexes([
      { path: 'base.txt', content },
      { path: 'production.txt', content },
    ]),
    [{ url: 'https://a.example/', from: 'base.txt' }],
  );
});
