/** One ASN.1 value in DER, as X.509 uses it: https://www.itu.int/rec/T-REC-X.690 */
export type Der = Uint8Array<ArrayBuffer>;

const join = (parts: readonly Uint8Array[]): Der => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

function length(bytes: number): Der {
  if (bytes < 0x80) return Uint8Array.of(bytes);
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(0x80 | digits.length, ...digits);
}

/** Tag, length, content. */
export const element = (tag: number, ...content: readonly Uint8Array[]): Der => {
  const body = join(content);
  return join([Uint8Array.of(tag), length(body.length), body]);
};

export const sequence = (...content: readonly Uint8Array[]): Der => element(0x30, ...content);
export const set = (...content: readonly Uint8Array[]): Der => element(0x31, ...content);
export const octets = (...content: readonly Uint8Array[]): Der => element(0x04, ...content);
export const boolean = (value: boolean): Der => element(0x01, Uint8Array.of(value ? 0xff : 0));

/** An unsigned big-endian number of any size. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : bytes.slice(first);
  return (digits[0] ?? 0) & 0x80 ? element(0x02, Uint8Array.of(0), digits) : element(0x02, digits);
}

export const bits = (bytes: Uint8Array, unused = 0): Der => element(0x03, Uint8Array.of(unused), bytes);

export const utf8 = (text: string): Der => element(0x0c, new TextEncoder().encode(text));

/** `2.5.29.17` */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] => {
    const digits = [value & 0x7f];
    for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    return digits;
  };
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** RFC 5280, 4.1.2.5: two-digit years until 2049, four-digit ones after. */
export function time(date: Date): Der {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const short = date.getUTCFullYear() < 2050;
  return element(short ? 0x17 : 0x18, new TextEncoder().encode(short ? digits.slice(2) : digits));
}

export interface Parsed {
  readonly tag: number;
  /** What is inside, without tag and length. */
  readonly content: Der;
  /** The whole, with tag and length. */
  readonly whole: Der;
}

/** The values that follow one another in `bytes`. Throws RangeError where they are cut off. */
export function read(bytes: Uint8Array): Parsed[] {
  const found: Parsed[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = bytes[at] ?? 0;
    let size = bytes[at + 1] ?? 0;
    at += 2;
    if (size > 0x80) {
      const digits = size & 0x7f;
      size = bytes.slice(at, at + digits).reduce((sum, digit) => sum * 256 + digit, 0);
      at += digits;
    }
    if (at + size > bytes.length) throw new RangeError('DER value is cut off');
    found.push({ tag, content: bytes.slice(at, at + size), whole: bytes.slice(start, at + size) });
    at += size;
  }
  return found;
}

const WIDTH = 64;

/** RFC 7468. */
export function toPem(label: string, der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The first block of that label, or undefined where there is none or it is damaged. */
export function fromPem(label: string, pem: string): Der | undefined {
  const body = pem.match(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`))?.[1];
  if (body === undefined) return undefined;
  try {
    return Uint8Array.from(atob(body.replace(/\s/g, '')), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
