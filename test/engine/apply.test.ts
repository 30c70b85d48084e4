import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Action, Step } from '../../src/core/plan.js';
import { apply } from '../../src/engine/apply.js';
import { localHost } from '../../src/hosts/local.js';

const step = (id: string, action: Action): Step => ({ id, title: id, stage: 'start', host: 'here', action });

for (const isFar of [false, true]) {
  test(`a step is judged by what the steps before it have left, ${isFar ? 'far' : 'near'}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-apply-'));
    const at = (name: string) => join(folder, name);
    const host = { ...localHost(), isFar };
    const run = async (steps: readonly Step[]): Promise<string[]> => {
      const seen: string[] = [];
      await apply(
        steps,
        () => host,
        (event) => {
          if (event.type === 'same' || event.type === 'done') seen.push(`${event.step} ${event.type}`);
        },
      );
      return seen;
    };
    try {
      writeFileSync(at('kept'), 'kept');
      writeFileSync(at('copy'), 'old');
      writeFileSync(at('text'), 'old');
      const steps = [
        step('kept', { kind: 'file', path: at('kept'), content: 'kept' }),
        step('text', { kind: 'file', path: at('text'), content: 'new' }),
        // Alike until the step before it has changed one of them.
        step('copy', {
          kind: 'run',
          command: { argv: ['cp', at('text'), at('copy')] },
          check: { alike: [at('text'), at('copy')] },
        }),
        step('last', { kind: 'link', path: at('link'), to: 'text' }),
      ];
      assert.deepEqual(await run(steps), ['kept same', 'text done', 'copy done', 'last done']);
      assert.equal(readFileSync(at('copy'), 'utf8'), 'new');
      assert.deepEqual(await run(steps), ['kept same', 'text same', 'copy same', 'last same']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
