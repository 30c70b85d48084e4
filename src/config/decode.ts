import { Failure } from '../core/failure.js';

/**
 * The text of a file that must be UTF-8, without its byte order mark.
 * @throws Failure CONFIG_ENCODING (config) naming the file, and the line and column of the first wrong byte
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const place = wide ? name : `${name}:${firstWrongByte(bytes)}`;
    const encoding = wide ? 'is UTF-16, not UTF-8' : 'is not UTF-8';
    throw new Failure('CONFIG_ENCODING', 'config', `${place}: the file ${encoding}`, {
      hint: `save it as UTF-8: iconv -f ${wide ? 'UTF-16' : 'LATIN1'} -t UTF-8`,
    });
  }
}

/** `line:column`. A decoder that may stream tells how far the text is good: what is cut off at the end is no error to it. */
function firstWrongByte(bytes: Uint8Array): string {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isGood(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, good)).replace(/\ufffd$/, '');
  return `${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`;
}

function isGood(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
