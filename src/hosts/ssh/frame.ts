/** Kinds of messages; `python/slipway_host/frames.py` is the other end. */
export const KIND = { request: 1, data: 2, end: 3, cancel: 4, ping: 5, result: 16, out: 17, err: 18 } as const;

export interface Frame {
  /** Number of the call it belongs to; 0 for the greeting. */
  readonly call: number;
  readonly kind: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 9;
const MOST_BYTES = 64 * 1024 * 1024;

export function encodeFrame(call: number, kind: number, payload: Buffer | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(call, 4);
  frame.writeUInt8(kind, 8);
  body.copy(frame, HEADER_BYTES);
  return frame;
}

/** Cuts a stream of bytes, in whatever pieces it comes, into messages. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** The messages that are whole now. @throws RangeError for what can be no message */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#bytes < HEADER_BYTES) return undefined;
    const first = this.#chunks[0];
    const head = first !== undefined && first.length >= HEADER_BYTES ? first : this.#join();
    const length = head.readUInt32BE(0);
    if (length > MOST_BYTES) throw new RangeError(`a message of ${length} bytes`);
    if (this.#bytes < HEADER_BYTES + length) return undefined;
    const all = this.#join();
    const end = HEADER_BYTES + length;
    this.#bytes -= end;
    this.#chunks = this.#bytes === 0 ? [] : [all.subarray(end)];
    return { call: all.readUInt32BE(4), kind: all.readUInt8(8), payload: all.subarray(HEADER_BYTES, end) };
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    const all = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
