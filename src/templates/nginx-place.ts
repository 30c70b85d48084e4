import { Failure } from '../core/failure.js';
import type { EdgeConfig } from './nginx-edge.js';
import { quoteNginx } from './nginx-quote.js';

/** sockaddr_un holds 108 bytes, the last one NUL: https://man7.org/linux/man-pages/man7/unix.7.html */
const LONGEST_SOCKET = 107;

const wrong = (message: string, hint: string): Failure => new Failure('EDGE_CONFIG', 'config', message, { hint });

/** A path as nginx is told it: relative to its prefix where it lies below, so that the prefix may hold any character. */
export function place(edge: EdgeConfig, path: string): string {
  // One site of many has no prefix of its own.
  if (edge.scope !== undefined) return quoteNginx(path, 'fixed');
  const below = `${edge.folder.replace(/\/+$/, '')}/`;
  return quoteNginx(path.startsWith(below) ? path.slice(below.length) : path, 'fixed');
}

/** A folder for `root` and `alias`, which put variables in theirs. */
export const folder = (path: string): string => quoteNginx(path.replace(/\/+$/, ''), 'value');

/** A URL prefix that begins and ends with a slash and is not the whole site. */
export function urlPrefix(url: string, whose: string): string {
  if (!/^\/.+\/$/.test(url)) {
    throw wrong(
      `${whose} is ${JSON.stringify(url)}: it must begin and end with a slash and be longer than one`,
      `Set ${whose} to /static/ or the like`,
    );
  }
  return quoteNginx(url);
}

/** The socket's address; EDGE_CONFIG where the kernel could not connect to it. */
export function socketAddress(path: string): string {
  if (new TextEncoder().encode(path).length > LONGEST_SOCKET) {
    throw wrong(
      `The socket's path is longer than ${LONGEST_SOCKET} bytes: ${path}`,
      'Move Slipway’s state to a shorter path: SLIPWAY_HOME=/srv/slipway slipway up',
    );
  }
  return quoteNginx(`unix:${path}`);
}

export const isAddress = (name: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.includes(':');

/** A domain or address as `server_name` takes it. Throws EDGE_CONFIG for what is neither. */
export function serverName(name: string): string {
  const bare = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (/^[0-9a-f:.]+$/.test(bare) && bare.includes(':')) return `[${bare}]`;
  if (/^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/.test(bare)) return bare;
  throw wrong(
    `${JSON.stringify(name)} is no domain name or address`,
    'Domains are written without scheme, port or path, international ones in punycode: shop.example',
  );
}

/** `address:port` of a `listen` line. */
export function listenAddress(address: string, port: number): string {
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  if (!/^[0-9a-fA-F:.]+$/.test(bare))
    throw wrong(`${JSON.stringify(address)} is no address to listen on`, 'Give an IP address: 127.0.0.1, ::1, 0.0.0.0');
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw wrong(`${port} is no port`, 'Give a port from 1 to 65535: --port 8443');
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}
