/**
 * File names are bytes; paths in Slipway are strings. A byte that is no part of UTF-8 becomes a lone surrogate U+DC80…U+DCFF, as in Python's
 * `surrogateescape` (PEP 383), so that every name survives a round trip, through JSON too.
 */
export function nameFromBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [...sequences(bytes)].join('');
  }
}

function* sequences(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    try {
      yield decoder.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      yield String.fromCharCode(0xdc00 + first);
      at += 1;
    }
  }
}

/** True when the path holds a byte that is no UTF-8, so that the file system must be asked by `nameToBytes`. */
export const hasRawBytes = (path: string): boolean => /(?<![\ud800-\udbff])[\udc80-\udcff]/.test(path);

/** The bytes of a path that `nameFromBytes` made. */
export function nameToBytes(path: string): Uint8Array {
  const encoder = new TextEncoder();
  const out: number[] = [];
  for (const character of path) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}
