import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { listing, processesNaming } from '../support/live-checks.js';

/** Ports that still answer. */
export async function openPorts(ports: readonly (number | undefined)[]): Promise<string[]> {
  const open: string[] = [];
  for (const port of ports) if (port !== undefined && (await answers(port))) open.push(`port ${port} is still open`);
  return open;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });

/** Changes in the checkout (ignored files and git's own too), processes and mounts. @param before its listing */
export async function leftBehind(checkout: string, before: readonly string[], home: string): Promise<string[]> {
  const known = new Set(before);
  const after = await listing(checkout);
  const still = new Set(after);
  const changed = [...after.filter((entry) => !known.has(entry)), ...before.filter((entry) => !still.has(entry))];
  const processes = await processesNaming(join(home, 'apps'));
  const mounts = (await readFile('/proc/mounts', 'utf8'))
    .split('\n')
    .filter((line) => line.includes(home) || line.includes(checkout));
  return [
    ...(changed.length === 0 ? [] : [`the checkout was changed: ${changed.slice(0, 5).join(', ')}`]),
    ...(processes.length === 0 ? [] : [`processes are left: ${processes.slice(0, 3).join('; ').slice(0, 400)}`]),
    ...(mounts.length === 0 ? [] : [`mounts are left: ${mounts.join('; ')}`]),
  ];
}
