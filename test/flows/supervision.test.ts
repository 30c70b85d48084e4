import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import type { Event } from '../../src/core/event.js';
import { openApp } from '../../src/flows/app.js';
import { endAfterFailure } from '../../src/flows/supervision.js';
import { PLAIN, projectContext } from './context.js';

test('that a failed run cannot be ended is told beside what it failed by, not instead of it', async (context) => {
  const seen: Event[] = [];
  const flow = { ...(await projectContext(context, PLAIN)), report: (event: Event) => seen.push(event) };
  const app = await openApp(flow);
  await endAfterFailure(app, flow);
  assert.equal(seen.length, 0, 'there was nothing to end');
  // No folder below it can be removed.
  mkdirSync(dirname(app.at.run), { recursive: true });
  writeFileSync(app.at.run, '');
  context.after(() => rmSync(app.at.run));
  await endAfterFailure(app, flow);
  const [note] = seen;
  assert.ok(note?.type === 'note');
  assert.match(note.message, /^not all that was started could be ended: .*ENOTDIR.*; slipway down .*shop does it$/);
});
