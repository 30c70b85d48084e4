import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { TOOLBOX_KEY, toolboxPins, toolboxSteps, toolPaths } from '../../src/ops/toolbox.js';

const spec = { host: 'local', python: '/usr/bin/python3', scripts: '/slipway/python/slipway_tools', env: {} };

test('the folder of the toolbox is named after its pins', () => {
  assert.equal(createHash('sha256').update(toolboxPins()).digest('hex').slice(0, 12), TOOLBOX_KEY);
  assert.ok(toolPaths('/h').uv.startsWith(`/h/tools/${TOOLBOX_KEY}/`));
});

test('every tool is pinned by version and sha256, and only what is wanted is fetched', () => {
  for (const line of toolboxPins()
    .split('\n')
    .filter((text) => text !== ''))
    assert.match(line, /^(\S+==\S+|\s+--hash=sha256:[0-9a-f]{64})( \\)?$/);
  assert.deepEqual(
    toolboxSteps('/h', [], spec).map((step) => step.id),
    ['tools.venv.pins', 'tools.venv'],
  );
  assert.deepEqual(
    toolboxSteps('/h', ['valkey', 'nginx', 'valkey'], spec).map((step) => step.id),
    ['tools.venv.pins', 'tools.venv', 'tools.nginx.pins', 'tools.nginx', 'tools.valkey.pins', 'tools.valkey'],
  );
});
