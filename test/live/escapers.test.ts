import { test } from 'node:test';
import { ESCAPERS } from '../escapers/all.js';
import { tryEscaper } from '../escapers/escaper.js';

/** Of the 10⁶ that `node scripts/escapers.mjs` tries. */
const COUNT = 5000;

for (const escaper of ESCAPERS) {
  const missing = escaper.missing();
  test(`${COUNT} texts through ${escaper.name}`, { skip: missing, timeout: 180_000 }, async (context) => {
    const { refused, seconds } = await tryEscaper(escaper, COUNT, Math.floor(Date.now() / 86_400_000));
    context.diagnostic(`${refused} refused, ${seconds.toFixed(1)} s`);
  });
}
