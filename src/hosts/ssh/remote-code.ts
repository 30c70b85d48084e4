import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { PACKAGE_ROOT } from '../package-root.js';

const FOLDER = join(PACKAGE_ROOT, 'python/slipway_host');

let packed: Buffer | undefined;

/** The program that works on the host, compressed: it goes through the connection and is never a file there. */
export function remoteCode(): Buffer {
  packed ??= pack();
  return packed;
}

function pack(): Buffer {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));
  const sources = names.map((name): [string, string] => [name.slice(0, -3), readFileSync(join(FOLDER, name), 'utf8')]);
  return deflateSync(JSON.stringify(Object.fromEntries(sources)), { level: 9 });
}

/**
 * Prints a line that tells it from whatever the login prints, then runs what comes over its standard input. Between single quotes every
 * shell that accounts have takes it as it is: no quote, no dollar, no exclamation mark.
 */
export const loader = (mark: string, bytes: number): string =>
  `import os,sys,zlib,json;os.write(1,b"${mark}\\n");sent=sys.stdin.buffer.read(${bytes});` +
  'sources=json.loads(zlib.decompress(sent).decode());exec(compile(sources["start"],"<slipway>/start.py","exec"))';
