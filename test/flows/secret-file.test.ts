import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSecrets } from '../../src/flows/secret-file.js';

/** Keeps texts in memory, and counts writings; the next ones fail where it is told to. */
function store() {
  const state = { text: undefined as string | undefined, writes: 0, fails: false };
  return {
    state,
    secrets: openSecrets({
      path: 'memory',
      read: async () => state.text,
      write: async (text) => {
        if (state.fails) throw new Error('the disk is full');
        state.text = text;
        state.writes += 1;
      },
    }),
  };
}

test('what is set together is written once, when all of it is set', async () => {
  const { state, secrets } = store();
  await secrets.set('first', '1');
  const given = await secrets.together(async () => {
    await secrets.ensure('key');
    await secrets.together(() => secrets.set('second', '2'));
    await secrets.set('third', '3');
    assert.equal(await secrets.resolve('third'), '3');
    assert.equal(state.writes, 1);
    return 'given';
  });
  assert.equal(given, 'given');
  assert.equal(state.writes, 2);
  assert.deepEqual(Object.keys(JSON.parse(state.text ?? '')), ['first', 'key', 'second', 'third']);
  await secrets.together(async () => {});
  assert.equal(state.writes, 2);
});

test('what was set before the work failed is kept', async () => {
  const { state, secrets } = store();
  const work = secrets.together(async () => {
    await secrets.set('first', '1');
    throw new Error('the work');
  });
  await assert.rejects(work, /the work/);
  assert.equal(JSON.parse(state.text ?? '').first, '1');
});

test('what could not be written is not counted on', async () => {
  const { state, secrets } = store();
  await secrets.set('first', '1');
  state.fails = true;
  await assert.rejects(
    secrets.together(() => secrets.set('second', '2')),
    /the disk is full/,
  );
  state.fails = false;
  assert.deepEqual(await secrets.list(), ['first']);
});
