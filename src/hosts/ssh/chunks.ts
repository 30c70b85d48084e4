const CHUNK = 128 * 1024;

/** A body in pieces that the connection takes. */
export async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK) yield bytes.subarray(start, start + CHUNK);
}
