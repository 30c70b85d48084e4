import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedManifest } from '../../src/ops/nameless-manifest.js';

test('a project without a name gets one that installers can read, and nothing else changes', () => {
  const rest = 'dependencies = ["django>=4.2.5"]\n\n[tool.x]\nname = ""\n';
  assert.equal(
    namedManifest(`\n[project]\nname = ""\nversion = ''  # none\n${rest}`),
    `\n[project]\nname = "app"\nversion = "0"\n${rest}`,
  );
  assert.equal(namedManifest(`[project]\nname = "shop"\nversion = "1.0"\n${rest}`), undefined);
  assert.equal(namedManifest('[tool.poetry]\nname = ""\n'), undefined);
});
