import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { Failure } from '../core/failure.js';

/** True when nothing listens on the port, on any address of either family. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await isFreeOn(port, '0.0.0.0')) && (await isFreeOn(port, '::'));
}

function isFreeOn(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has no port of it that could be taken.
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL'),
    );
    server.listen({ port, host, ipv6Only: host === '::', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Listens on the port of this machine's own addresses until the given function is called: nobody else takes it meanwhile, whatever home,
 * user or program they are of. undefined where it is taken.
 */
export async function holdPort(port: number): Promise<(() => Promise<void>) | undefined> {
  if (!(await isPortFree(port))) return undefined;
  const held: Server[] = [];
  const free = async () => {
    await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  };
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer((socket) => socket.destroy());
    const state = await new Promise<'held' | 'absent' | 'taken'>((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE' ? 'taken' : 'absent'));
      server.listen({ port, host, exclusive: true }, () => resolve('held'));
    });
    if (state === 'held') held.push(server.unref());
    if (state === 'taken') {
      await free();
      return undefined;
    }
  }
  return free;
}

/**
 * Claims the port for as long as this process lives, or until the given function is called: by a name that one process of the machine can have
 * at a time, of whatever home or user. Nothing listens on the port by that. undefined where another has claimed it.
 * Abstract sockets: https://man7.org/linux/man-pages/man7/unix.7.html
 */
export function claimPort(port: number): Promise<(() => Promise<void>) | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(`\0slipway-port-${port}`, () => {
      server.unref();
      resolve(() => new Promise((done) => server.close(() => done())));
    });
  });
}

/** A port that was asked for. @throws Failure PORT_TAKEN naming who has it */
export async function wantedPort(port: number, option: string): Promise<number> {
  if (await isPortFree(port)) return port;
  const owner = await portOwner(port);
  const who = owner === undefined ? 'another process' : `${owner.name} (process ${owner.pid})`;
  throw new Failure('PORT_TAKEN', 'conflict', `Port ${port} is taken by ${who}`, {
    hint: `choose another with ${option} N, or leave the option out`,
  });
}

/** Who listens on a port, as far as this user may see. */
export async function portOwner(port: number): Promise<{ pid: number; name: string } | undefined> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const LISTEN = '0A';
      if (fields[3] === LISTEN && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port)
        inodes.add(`socket:[${fields[9]}]`);
    }
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      if (!inodes.has(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => ''))) continue;
      return { pid: Number(pid), name: (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process')).trim() };
    }
  }
  return undefined;
}
