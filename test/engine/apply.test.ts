import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Event } from '../../src/core/event.js';
import { Failure } from '../../src/core/failure.js';
import type { Host } from '../../src/core/host.js';
import type { Action, Step } from '../../src/core/plan.js';
import { apply } from '../../src/engine/apply.js';
import { inspect } from '../../src/engine/inspect.js';
import { perform } from '../../src/engine/perform.js';
import { areStanding, reportStanding } from '../../src/engine/standing.js';
import { localHost } from '../../src/hosts/local.js';

const step = (id: string, action: Action): Step => ({ id, title: id, stage: 'start', host: 'here', action });

/** A host that does what it can by itself, as one that is far does. */
const far = (): Host => {
  const host = localHost();
  return {
    ...host,
    inOrder: {
      takes: ({ kind }) => kind !== 'wait' && kind !== 'expect',
      judge: async (actions) => {
        for (const action of actions) if ((await inspect(action, host)).kind !== 'same') return false;
        return true;
      },
      run: async (actions, tell) => {
        for (const [index, action] of actions.entries()) {
          tell({ index, event: 'started' });
          if ((await inspect(action, host)).kind === 'same') tell({ index, event: 'same' });
          else {
            if (action.kind === 'run') {
              const exit = await host.exec(action.command);
              if (exit.code !== 0) return { failed: index, exit };
            } else await perform(step('part', action), host, {});
            tell({ index, event: 'done', hostMs: 1 });
          }
        }
        return undefined;
      },
    },
  };
};

for (const isFar of [false, true]) {
  test(`a step is judged by what the steps before it have left, ${isFar ? 'far' : 'near'}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-apply-'));
    const at = (name: string) => join(folder, name);
    const host = isFar ? far() : localHost();
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

for (const where of ['near', 'far'] as const) {
  test(`a command that fails ends its lane, with what it said, ${where}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-apply-'));
    const host = where === 'far' ? far() : localHost();
    const events: Event[] = [];
    const steps = [
      step('first', { kind: 'folder', path: join(folder, 'first') }),
      step('fails', { kind: 'run', command: { argv: ['sh', '-c', 'echo said; exit 3'] } }),
      step('never', { kind: 'folder', path: join(folder, 'never') }),
    ];
    try {
      await assert.rejects(
        apply(
          steps,
          () => host,
          (event) => events.push(event),
        ),
        (error) => error instanceof Failure && error.code === 'COMMAND_FAILED' && error.detail === 'said',
      );
      const told = events.flatMap((event) => ('step' in event && event.type !== 'output' ? [`${event.step} ${event.type}`] : []));
      assert.deepEqual(told, ['first started', 'first done', 'fails started', 'fails failed']);
      assert.ok(!existsSync(join(folder, 'never')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

for (const isFar of [false, true]) {
  test(`steps stand where none of them would change anything, and nothing is touched to find out, ${isFar ? 'far' : 'near'}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-standing-'));
    const host = isFar ? far() : localHost();
    const write = (name: string, content: string): Step =>
      step(name, { kind: 'file', path: join(folder, name), content, mode: 0o600 });
    const failing = step('failing', {
      kind: 'run',
      command: { argv: ['true'] },
      check: { command: { argv: ['/no/such/program'] } },
    });
    try {
      writeFileSync(join(folder, 'a'), 'one');
      assert.equal(await areStanding([write('a', 'one')], host), true);
      assert.equal(await areStanding([write('a', 'one'), write('b', 'two')], host), false);
      assert.equal(await areStanding([write('a', 'other')], host), false);
      assert.equal(await areStanding([failing], host), false);
      assert.deepEqual([readFileSync(join(folder, 'a'), 'utf8'), existsSync(join(folder, 'b'))], ['one', false]);
      const told: string[] = [];
      reportStanding([write('a', 'one')], ({ type }) => told.push(type));
      assert.deepEqual(told, ['started', 'same']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
