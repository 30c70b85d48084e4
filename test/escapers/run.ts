import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stopped } from '../support/stopped.js';
import { ESCAPERS } from './all.js';
import { tryEscaper } from './escaper.js';

/** What the readers have started is taken away by themselves; one that waits for a server which is gone may take long. */
const CLOSE_MS = 30_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '20261121' } },
});
const stop = stopped();
stop.addEventListener('abort', () => pause(CLOSE_MS, undefined, { ref: false }).then(() => process.exit(130)));
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.some((word) => name.includes(word));
let bad = 0;
for (const escaper of ESCAPERS.filter(({ name }) => isWanted(name))) {
  const missing = escaper.missing();
  if (missing !== false) {
    console.log(`${escaper.name}: not tried: ${missing}`);
    bad += 1;
    continue;
  }
  try {
    const { read, refused, seconds } = await tryEscaper(escaper, Number(values.count), Number(values.seed), stop);
    console.log(`${escaper.name}: ${read} read back as they were, ${refused} refused, ${seconds.toFixed(0)} s`);
  } catch (error) {
    if (stop.aborted) process.exit(130);
    console.log(error instanceof Error ? error.message : error);
    bad += 1;
  }
}
process.exit(bad === 0 ? 0 : 1);
