import { bits, boolean, type Der, element, integer, octets, oid, read, sequence, set, time, toPem, utf8 } from './der.js';

export type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export const EC_KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = sequence(oid('1.2.840.10045.4.3.2'));

export interface Body {
  readonly issuer: Der;
  readonly subject: Der;
  readonly publicKey: Der;
  readonly from: Date;
  readonly until: Date;
  readonly extensions: readonly Der[];
}

/** A distinguished name of ours. */
export const name = (common: string): Der =>
  sequence(set(sequence(oid('2.5.4.10'), utf8('Slipway'))), set(sequence(oid('2.5.4.3'), utf8(common))));

export const extension = (id: string, critical: boolean, value: Der): Der =>
  critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));

export const KEY_USAGE = { sign: Uint8Array.of(0x80), authority: Uint8Array.of(0x06) };

/** RFC 7093, method 1: the leftmost 160 bits of the key's SHA-256. */
export async function keyIdentifier(publicKey: Uint8Array): Promise<Der> {
  const [, key] = read(read(publicKey)[0]?.content ?? publicKey);
  const digest = await crypto.subtle.digest('SHA-256', (key?.content ?? new Uint8Array()).slice(1));
  return new Uint8Array(digest).slice(0, 20);
}

/** 127 random bits; the first is set so that the length never varies. */
function serial(): Der {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return integer(bytes);
}

/** WebCrypto's r and s side by side, as the SEQUENCE that X.509 wants. */
async function sign(key: SigningKey, data: Der): Promise<Der> {
  const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, data));
  return sequence(integer(raw.slice(0, 32)), integer(raw.slice(32)));
}

/** The body signed with the key, as PEM. */
export async function certify(body: Body, key: SigningKey): Promise<string> {
  const unsigned = sequence(
    element(0xa0, integer(Uint8Array.of(2))),
    serial(),
    SIGNATURE,
    body.issuer,
    sequence(time(body.from), time(body.until)),
    body.subject,
    body.publicKey,
    element(0xa3, sequence(...body.extensions)),
  );
  return toPem('CERTIFICATE', sequence(unsigned, SIGNATURE, bits(await sign(key, unsigned))));
}

export interface NewKey {
  readonly privateKey: SigningKey;
  readonly publicKey: Der;
  readonly pem: string;
}

/** A new key pair on P-256. */
export async function newKey(): Promise<NewKey> {
  const pair = await crypto.subtle.generateKey(EC_KEY, true, ['sign', 'verify']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  const pem = toPem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)));
  return { privateKey: pair.privateKey, publicKey, pem };
}
