// `node scripts/escapers.mjs [--count 1000000] [--seed N] [NAME…]`: random texts through each escaper, read back by the real program.
// NAME is a part of an escaper's name; without one, all. Needs nginx, Apache, bash, PostgreSQL, MariaDB, Redis, and root for systemd's lab host.
import { prepare } from './prepare.mjs';

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = words.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(words.splice(at, 2)[1]);
};
const [count, seed] = [option('count', 1_000_000), option('seed', 20261121)];
prepare();
const { ESCAPERS } = await import('../dist/test/escapers/all.js');
const { tryEscaper } = await import('../dist/test/escapers/escaper.js');
let bad = 0;
for (const escaper of ESCAPERS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))) {
  const missing = escaper.missing();
  if (missing !== false) {
    console.log(`${escaper.name}: not tried: ${missing}`);
    bad += 1;
    continue;
  }
  try {
    const { read, refused, seconds } = await tryEscaper(escaper, count, seed);
    console.log(`${escaper.name}: ${read} read back as they were, ${refused} refused, ${seconds.toFixed(0)} s`);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    bad += 1;
  }
}
process.exit(bad === 0 ? 0 : 1);
