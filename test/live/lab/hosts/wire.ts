import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { LabHost } from './host.js';

/** A wire to a host's sshd that can be slow, cut or silent. */
export interface Wire {
  /** Give it to `ssh -F`; the host's name in it is `wire`. */
  readonly sshConfig: string;
  /** Bytes on their way to the host until now. */
  readonly sent: number;
  /** How often the direction has changed: two make a round trip. */
  readonly turns: number;
  /** Every connection ends with a TCP reset. */
  reset(): void;
  /** Nothing goes through any more, and nobody is told; false: it goes on. */
  silent(on: boolean): void;
  close(): Promise<void>;
}

/** @param folder for the ssh_config @param oneWayMs what each piece of data waits */
export async function openWire(host: LabHost, folder: string, oneWayMs = 0): Promise<Wire> {
  const sockets = new Set<Socket>();
  const seen = { sent: 0, turns: 0, last: '' };
  let isSilent = false;
  const pipe = (from: Socket, to: Socket, way: string) => {
    from.on('data', (chunk: Buffer) => {
      if (way === 'up') seen.sent += chunk.length;
      if (seen.last !== way) seen.turns += 1;
      seen.last = way;
      const pass = () => {
        if (!isSilent && to.writable) to.write(chunk);
      };
      if (oneWayMs === 0) pass();
      else setTimeout(pass, oneWayMs);
    });
    const end = () => {
      if (!isSilent) to.end();
    };
    from.on('end', () => setTimeout(end, oneWayMs));
    from.on('error', () => {
      if (!isSilent) to.destroy();
    });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ host: host.address, port: 22, allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) sockets.add(socket.on('close', () => sockets.delete(socket)));
    pipe(near, far, 'up');
    pipe(far, near, 'down');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the wire has no port');
  const sshConfig = join(folder, `wire-${address.port}`);
  const lines = ['Host wire', '  HostName 127.0.0.1', `  Port ${address.port}`, `  HostKeyAlias ${host.address}`];
  await writeFile(sshConfig, [...lines, `Include ${host.sshConfig}`, ''].join('\n'));
  return {
    sshConfig,
    get sent() {
      return seen.sent;
    },
    get turns() {
      return seen.turns;
    },
    reset: () => sockets.forEach((socket) => void socket.resetAndDestroy()),
    silent: (on) => {
      isSilent = on;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
