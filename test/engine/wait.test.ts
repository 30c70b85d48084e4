import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitUntil } from '../../src/engine/wait.js';
import { WorkerToll } from '../../src/engine/worker-toll.js';
import { localHost } from '../../src/hosts/local.js';

/** What a series of looks, a second apart, makes of it: the look at which it is given up, and why. */
function givenUp(count: number, looks: readonly (readonly string[])[]): [number, string] | undefined {
  const toll = new WorkerToll(count);
  for (const [index, pids] of looks.entries()) {
    const why = toll.see(pids, index * 1000);
    if (why !== undefined) return [index, why];
  }
  return undefined;
}

const pairs = (...firsts: number[]): string[][] => firsts.map((pid) => [String(pid), String(pid + 1)]);
const many = (times: number, pids: readonly string[]): (readonly string[])[] => Array.from({ length: times }, () => pids);

test('workers that end again and again are given up, and no others', () => {
  assert.deepEqual(givenUp(2, pairs(1, 3, 5)), [2, 'its workers end as they start: 4 of them until now']);
  assert.deepEqual(givenUp(1, [['1'], ['2'], ['3'], ['4']]), [3, 'its workers end as they start: 3 of them until now']);
  assert.equal(givenUp(2, [...pairs(1), ...many(60, ['3', '4'])]), undefined, 'each has ended once');
  assert.equal(givenUp(1, many(60, ['1'])), undefined, 'slow');
  assert.equal(givenUp(2, many(60, [])), undefined, 'none has started yet');
  assert.equal(givenUp(8, [many(1, ['1', '2', '3']).flat(), many(1, ['4', '5', '6', '7']).flat()]), undefined);
});

test('workers that nobody starts again are given up after a while', () => {
  assert.deepEqual(givenUp(2, [...pairs(1), ...many(60, [])]), [
    6,
    'its workers have ended, and none was started again: 2 of them',
  ]);
  assert.equal(givenUp(1, [['1'], [], [], [], [], ['2'], [], [], ['3'], ...many(9, ['3'])]), undefined, 'started again slowly');
});

test('one that takes a connection and never answers is seen to have ended meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-wait-'));
  const silent = createServer(() => {}).listen(join(folder, 's'));
  try {
    const began = performance.now();
    const why = await waitUntil(
      {
        kind: 'wait',
        until: { request: { to: { socket: join(folder, 's') }, path: '/', timeoutSeconds: 20 } },
        alive: { command: { argv: ['false'] } },
        timeoutSeconds: 20,
      },
      localHost(),
    );
    assert.deepEqual(why, ['it ended instead of becoming ready']);
    assert.ok(performance.now() - began < 10_000);
  } finally {
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
