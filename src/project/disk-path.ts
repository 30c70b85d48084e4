import { hasRawBytes, nameToBytes } from '../core/path-name.js';

/** Where a path of the tree lies on disk, in a form `node:fs` opens whatever bytes its name has. */
export function diskPath(root: string, path: string): string | Buffer {
  const whole = path === '' ? root : `${root}/${path}`;
  return hasRawBytes(whole) ? Buffer.from(nameToBytes(whole)) : whole;
}
