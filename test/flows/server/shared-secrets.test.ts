import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSecrets } from '../../../src/flows/secret-file.js';
import { sharedStore } from '../../../src/flows/server/shared-secrets.js';

function keepers(...texts: (string | undefined)[]) {
  const held = [...texts];
  const stores = held.map((_, index) => ({
    path: `h${index}`,
    read: async () => held[index],
    write: async (text: string) => {
      held[index] = text;
    },
  }));
  return { held, store: sharedStore(stores) };
}

test('what is set is on every host', async () => {
  const { held, store } = keepers(undefined, undefined);
  await openSecrets(store).set('KEY', 'value');
  assert.deepEqual(
    held.map((text) => JSON.parse(text ?? '')),
    [{ KEY: 'value' }, { KEY: 'value' }],
  );
});

test('a host that is new gets what the others have; reading changes none', async () => {
  const { held, store } = keepers(undefined, '{"KEY":"value"}', '{"KEY":"old"}');
  assert.equal(await openSecrets(store).resolve('KEY'), 'value');
  assert.equal(held[0], undefined);
  await store.align();
  assert.deepEqual(held, ['{"KEY":"value"}', '{"KEY":"value"}', '{"KEY":"value"}']);
});
