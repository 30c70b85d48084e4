import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESCAPERS } from '../escapers/all.js';
import { tryEscaper } from '../escapers/escaper.js';
import { ROOT } from '../support/slipway.js';
import { sandbox, until } from './lab/sandbox.js';

/** Of the 10⁶ that `node scripts/escapers.mjs` tries. */
const COUNT = 5000;

for (const escaper of ESCAPERS) {
  const missing = escaper.missing();
  test(`${COUNT} texts through ${escaper.name}`, { skip: missing, timeout: 180_000 }, async (context) => {
    const { refused, seconds } = await tryEscaper(escaper, COUNT, Math.floor(Date.now() / 86_400_000));
    context.diagnostic(`${refused} refused, ${seconds.toFixed(1)} s`);
  });
}

/** Programs that were told of the folder. */
const toldOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.some((word) => word.includes(folder)) ? [words.join(' ')] : [];
      } catch {
        return [];
      }
    });

for (const [name, signal] of [
  ['mysqlText', 'SIGKILL'],
  ['hbaName', 'SIGTERM'],
] as const) {
  const missing = ESCAPERS.find((escaper) => escaper.name.startsWith(name))?.missing();
  test(`a run over ${name} that is ended by ${signal} leaves no server behind`, { skip: missing }, async (context) => {
    const { folder, after } = await sandbox(context);
    await chmod(folder, 0o755);
    const argv = [join(ROOT, 'scripts/escapers.mjs'), '--count', '1000000000', name];
    const child = spawn(process.execPath, argv, { env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' });
    after(async () => child.kill());
    const isServer = (words: string): boolean => /(mariadbd|mysqld) .*--socket|postgres -D \S+ -k/.test(words);
    await until('a server', () => toldOf(folder).some(isServer), 60);
    child.kill(signal);
    await until(`nothing of it runs: ${toldOf(folder).join()}`, () => toldOf(folder).length === 0, 30);
    await until('nothing of it lies about', () => readdirSync(folder).length === 0);
  });
}
