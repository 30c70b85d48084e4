import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './outside.js';

test('every code of the source has its page, every page its code', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/generate-errors.mjs'), '--check'], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
});

test('every page is written by a person: what it means, and what to do', () => {
  const folder = join(ROOT, 'docs/errors');
  for (const name of readdirSync(folder).filter((each) => each !== 'README.md')) {
    const page = readFileSync(join(folder, name), 'utf8');
    assert.match(
      page,
      /^# [A-Z0-9_]+\n\nKind: .+ exit code \d+.*\n\n## What it means\n\n[\s\S]{40,}\n\n## What to do\n\n[\s\S]{15,}\n$/,
      name,
    );
    assert.doesNotMatch(page, /Slipway says:|See the message that|lines below the message say what was found/, name);
  }
});
