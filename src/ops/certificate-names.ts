import { Failure } from '../core/failure.js';
import { type Der, element, sequence } from './der.js';

/** What a certificate is for: a domain name or an address, in the form certificates hold them. */
export type Subject = { readonly dns: string } | { readonly ip: Der };

const ipv4 = (text: string): Der | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return Uint8Array.from(parts, Number);
};

function ipv6(text: string): Der | undefined {
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(':')) return undefined;
  const halves = text.split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

const DOMAIN = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** `shop.test`, `*.shop.test`, `127.0.0.1`, `::1` or `[::1]`. Throws CERTIFICATE_NAME for anything else. */
export function subject(name: string): Subject {
  const bare = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const ip = ipv4(bare) ?? ipv6(bare);
  if (ip !== undefined) return { ip };
  if (bare.length <= 253 && DOMAIN.test(bare) && !/^[\d.]+$/.test(bare)) return { dns: bare };
  throw new Failure(
    'CERTIFICATE_NAME',
    'config',
    `${JSON.stringify(name)} is no domain name or address, so no certificate can name it`,
    {
      hint: 'Domains are written without scheme, port or path, international ones in punycode: shop.example',
    },
  );
}

/** A GeneralName (RFC 5280, 4.2.1.6). */
export const generalName = (one: Subject): Der =>
  'dns' in one ? element(0x82, new TextEncoder().encode(one.dns)) : element(0x87, one.ip);

const range = (address: string, prefix: number): Der => {
  const bytes = ipv4(address) ?? ipv6(address) ?? new Uint8Array();
  const mask = Array.from(bytes, (_, index) => 0xff & ~(0xff >> Math.min(8, Math.max(0, prefix - index * 8))));
  return element(0x87, bytes, Uint8Array.from(mask));
};

/** Names that no public certificate may hold: RFC 6761, RFC 6762, RFC 8375, RFC 9476 and ICANN's `internal`. */
const PRIVATE_NAMES = ['localhost', 'test', 'example', 'invalid', 'local', 'internal', 'home.arpa', 'alt', 'lan', 'localdomain'];

const PRIVATE_RANGES: readonly (readonly [string, number])[] = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
];

const base = (name: string): string => name.replace(/^\*\./, '');

/** The names an authority may sign: all private ones, and those asked for. In the form of the extension's value (RFC 5280, 4.2.1.10). */
export function nameConstraints(extra: readonly string[]): Der {
  const asked = extra.map(subject);
  const names = [...PRIVATE_NAMES, ...asked.flatMap((one) => ('dns' in one && !isPrivate(one.dns) ? [base(one.dns)] : []))];
  const addresses = asked.flatMap((one) =>
    'ip' in one ? [element(0x87, one.ip, new Uint8Array(one.ip.length).fill(0xff))] : [],
  );
  const trees = [
    ...[...new Set(names)].map((name) => element(0x82, new TextEncoder().encode(name))),
    ...PRIVATE_RANGES.map(([address, prefix]) => range(address, prefix)),
    ...addresses,
  ];
  return sequence(element(0xa0, ...trees.map((tree) => sequence(tree))));
}

const isPrivate = (name: string): boolean => PRIVATE_NAMES.some((one) => name === one || name.endsWith(`.${one}`));

/** Whether a GeneralName of `nameConstraints` lets the name through. */
export function permits(constraint: { readonly tag: number; readonly content: Uint8Array }, one: Subject): boolean {
  if ('dns' in one) {
    const tree = new TextDecoder().decode(constraint.content);
    return constraint.tag === 0x82 && (base(one.dns) === tree || base(one.dns).endsWith(`.${tree}`));
  }
  const half = constraint.content.length / 2;
  return (
    constraint.tag === 0x87 &&
    half === one.ip.length &&
    one.ip.every((byte, index) => (byte & (constraint.content[half + index] ?? 0)) === (constraint.content[index] ?? -1))
  );
}
