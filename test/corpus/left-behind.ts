import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { listing, processesNaming } from '../support/live-checks.js';

/** The HTTPS port where it still answers with a certificate of this home's own authority: on a busy machine another program may have the port by now. */
export async function openPort(port: number | undefined, home: string): Promise<string[]> {
  const ca = await readFile(join(home, 'authority/ca.pem')).catch(() => undefined);
  if (port === undefined || ca === undefined) return [];
  const open = await new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', () => end(socket.authorized)).once('error', () => end(false));
  });
  return open ? [`port ${port} is still open`] : [];
}

/** What differs between two listings, in words. @param of what they are */
export function changesIn(before: readonly string[], after: readonly string[], of = 'the checkout'): string[] {
  const known = new Set(before);
  const still = new Set(after);
  const changed = [...after.filter((entry) => !known.has(entry)), ...before.filter((entry) => !still.has(entry))];
  return changed.length === 0 ? [] : [`${of} was changed: ${changed.slice(0, 5).join(', ')}`];
}

/** Changes in the checkout (ignored files and git's own too), processes, mounts and temporary files. @param before its listing */
export async function leftBehind(
  checkout: string,
  before: readonly string[],
  { home, temp }: { readonly home: string; readonly temp: string },
): Promise<string[]> {
  const changed = changesIn(before, await listing(checkout));
  const processes = await processesNaming(join(home, 'apps'));
  const mounts = (await readFile('/proc/mounts', 'utf8'))
    .split('\n')
    .filter((line) => line.includes(home) || line.includes(checkout));
  const temporary = await readdir(temp);
  return [
    ...changed,
    ...(temporary.length === 0 ? [] : [`temporary files are left: ${temporary.slice(0, 5).join(', ')}`]),
    ...(processes.length === 0 ? [] : [`processes are left: ${processes.slice(0, 3).join('; ').slice(0, 400)}`]),
    ...(mounts.length === 0 ? [] : [`mounts are left: ${mounts.join('; ')}`]),
  ];
}
