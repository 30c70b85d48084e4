import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

/**
 * Runs a compiled program of the tests to its end, and ends with its code. It leads a group of processes and has a channel to this one: what ends
 * this process, a kill included, ends them too (`test/support/stopped.ts`).
 */
export function runInGroup(file, args) {
  const child = spawn(process.execPath, [join(ROOT, file), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.connected && child.disconnect());
  child.on('exit', (code) => process.exit(code ?? 1));
}
