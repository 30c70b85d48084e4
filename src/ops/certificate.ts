import { Failure } from '../core/failure.js';
import {
  type Body,
  certify,
  EC_KEY,
  extension,
  KEY_USAGE,
  keyIdentifier,
  name,
  newKey,
  type SigningKey,
} from './certificate-body.js';
import { generalName, nameConstraints, permits, type Subject, subject } from './certificate-names.js';
import { type Certificate, extensionValue, parse, same } from './certificate-read.js';
import { bits, boolean, element, fromPem, integer, octets, oid, read, sequence } from './der.js';

/** A certificate and its private key (PKCS #8), both PEM. The key is a secret: mode 0600, never logged. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const DAY = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Apple and Chromium refuse certificates that live longer than 398 days: https://support.apple.com/en-us/102028 */
const LEAF_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;
/** For clocks that are behind, of containers and of other machines. */
const SKEW_DAYS = 1;

const after = (now: Date, days: number): Date => new Date(Math.floor(now.getTime() / 1000) * 1000 + days * DAY);

/**
 * A new local certificate authority: ECDSA P-256, ten years, able to sign servers only and no other authority. Its key lies on a
 * developer's machine and its certificate in that machine's trust stores, so it is constrained to names that nobody else can own
 * (`localhost`, `*.test`, `*.internal`, private addresses, …) and to `names`: stolen, it cannot stand in for a bank.
 * @throws Failure CERTIFICATE_NAME (config)
 */
export async function createAuthority(now: Date, names: readonly string[] = []): Promise<KeyPair> {
  const key = await newKey();
  const identifier = await keyIdentifier(key.publicKey);
  const tail = Array.from(identifier.slice(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const own = name(`Slipway local authority ${tail}`);
  const body: Body = {
    issuer: own,
    subject: own,
    publicKey: key.publicKey,
    from: after(now, -SKEW_DAYS),
    until: after(now, AUTHORITY_DAYS),
    extensions: [
      extension('2.5.29.19', true, sequence(boolean(true), integer(Uint8Array.of(0)))),
      extension('2.5.29.15', true, bits(KEY_USAGE.authority, 1)),
      extension('2.5.29.14', false, octets(identifier)),
      extension('2.5.29.30', true, nameConstraints(names)),
    ],
  };
  return { certificate: await certify(body, key.privateKey), key: key.pem };
}

async function signingKey(authority: KeyPair): Promise<SigningKey> {
  const der = fromPem('PRIVATE KEY', authority.key);
  if (der === undefined) throw damaged('key');
  return crypto.subtle.importKey('pkcs8', der, EC_KEY, false, ['sign']).catch(() => Promise.reject(damaged('key')));
}

const damaged = (what: string): Failure =>
  new Failure('CERTIFICATE_DAMAGED', 'environment', `The local certificate authority's ${what} cannot be read`, {
    hint: 'Remove the folder `authority` in Slipway’s home; the next `slipway up` makes a new one, and `slipway trust` installs it',
  });

/**
 * A server certificate for these names and addresses with a new key, signed by the authority; the server needs no other in its chain.
 * @throws Failure CERTIFICATE_NAME (config), CERTIFICATE_DAMAGED (environment)
 */
export async function issueCertificate(authority: KeyPair, names: readonly string[], now: Date): Promise<KeyPair> {
  const issuer = parse(authority.certificate);
  if (issuer === undefined) throw damaged('certificate');
  const signing = await signingKey(authority);
  const key = await newKey();
  const body: Body = {
    issuer: issuer.subject,
    // No name here: since RFC 6125 clients look at the alternative names only, and constraints would apply to a name that looks like a domain.
    subject: name('Slipway local server'),
    publicKey: key.publicKey,
    from: after(now, -SKEW_DAYS),
    until: new Date(Math.min(after(now, LEAF_DAYS - SKEW_DAYS).getTime(), issuer.until.getTime())),
    extensions: [
      extension('2.5.29.19', true, sequence()),
      extension('2.5.29.15', true, bits(KEY_USAGE.sign, 7)),
      extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', false, sequence(...names.map((one) => generalName(subject(one))))),
      extension('2.5.29.14', false, octets(await keyIdentifier(key.publicKey))),
      extension('2.5.29.35', false, sequence(element(0x80, await keyIdentifier(issuer.publicKey)))),
    ],
  };
  return { certificate: await certify(body, signing), key: key.pem };
}

const outdated = (certificate: Certificate, now: Date): boolean =>
  now < certificate.from || certificate.until.getTime() - now.getTime() < RENEW_BEFORE_DAYS * DAY;

/**
 * Whether a server certificate (PEM) has to be made anew: it is missing or damaged, not valid now or for another 30 days, lacks one of
 * the names, or was signed by another authority than the one given.
 */
export function needsRenewal(pem: string | undefined, names: readonly string[], now: Date, authority?: string): boolean {
  const certificate = pem === undefined ? undefined : parse(pem);
  if (certificate === undefined || outdated(certificate, now)) return true;
  const held = read(extensionValue(certificate, '2.5.29.17') ?? new Uint8Array()).map((one) => one.whole);
  if (!names.every((one) => held.some((have) => same(have, generalName(subject(one)))))) return true;
  if (authority === undefined) return false;
  const issuer = parse(authority);
  const [signer] = read(extensionValue(certificate, '2.5.29.35') ?? new Uint8Array());
  const identifier = issuer && extensionValue(issuer, '2.5.29.14');
  return signer === undefined || identifier === undefined || !same(signer.content, identifier);
}

const allows = (certificate: Certificate, one: Subject): boolean => {
  const [permitted] = read(extensionValue(certificate, '2.5.29.30') ?? new Uint8Array());
  return read(permitted?.content ?? new Uint8Array()).some((tree) => read(tree.content).some((general) => permits(general, one)));
};

/** Whether the authority (PEM) has to be made anew: missing, damaged, about to end, or not allowed to sign one of these names. */
export function needsAuthority(pem: string | undefined, names: readonly string[], now: Date): boolean {
  const certificate = pem === undefined ? undefined : parse(pem);
  return certificate === undefined || outdated(certificate, now) || !names.every((one) => allows(certificate, subject(one)));
}
