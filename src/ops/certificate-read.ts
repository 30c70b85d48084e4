import { type Der, fromPem, oid, type Parsed, read } from './der.js';

export interface Certificate {
  readonly issuer: Der;
  readonly subject: Der;
  readonly publicKey: Der;
  readonly from: Date;
  readonly until: Date;
  readonly extensions: ReadonlyMap<string, Der>;
}

export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

function date({ tag, content }: Parsed): Date {
  const text = new TextDecoder().decode(content);
  const digits = tag === 0x17 ? `20${text}` : text;
  return new Date(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** What we write ourselves, read again; undefined for anything that is not shaped so. */
export function parse(pem: string): Certificate | undefined {
  const der = fromPem('CERTIFICATE', pem);
  if (der === undefined) return undefined;
  try {
    const [unsigned] = read(read(der)[0]?.content ?? der);
    const [, , , issuer, validity, owner, publicKey, extra] = read(unsigned?.content ?? der);
    const [from, until] = read(validity?.content ?? der);
    if (!issuer || !owner || !publicKey || !extra || !from || !until) return undefined;
    const extensions = read(read(extra.content)[0]?.content ?? der).map((one): [string, Der] => {
      const parts = read(one.content);
      return [String(parts[0]?.content), read(parts.at(-1)?.content ?? der)[0]?.content ?? der];
    });
    return {
      issuer: issuer.whole,
      subject: owner.whole,
      publicKey: publicKey.whole,
      from: date(from),
      until: date(until),
      extensions: new Map(extensions),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What is inside an extension’s outermost value. */
export const extensionValue = (certificate: Certificate, id: string): Der | undefined =>
  certificate.extensions.get(String(read(oid(id))[0]?.content));
