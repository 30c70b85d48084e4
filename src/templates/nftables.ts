import { Failure } from '../core/failure.js';

/** A port that others than the world may reach. */
export interface Opening {
  readonly port: number;
  /** Addresses or networks: `203.0.113.10`, `2001:db8::/32`. */
  readonly from: readonly string[];
}

export interface Firewall {
  /** Of SSH: reached from everywhere over TCP. */
  readonly tcp: readonly number[];
  /** Files of the apps on the host, a pattern: what each of them needs. There may be none. */
  readonly apps: string;
}

/** What one app of a host needs. */
export interface AppFirewall {
  /** Reached from everywhere. */
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  readonly openings: readonly Opening[];
}

/**
 * A table of our own beside whatever else there is: only what comes in is looked at, and connections that are there go on. Loaded as a
 * whole or not at all. https://wiki.nftables.org/wiki-nftables/index.php/Atomic_rule_replacement
 * @throws Failure UNSAFE_VALUE for what is no port or address
 */
export function nftables({ tcp, apps }: Firewall): string {
  return [
    '#!/usr/sbin/nft -f',
    '# Written by Slipway; changes are overwritten.',
    // Made so that it can be deleted, whether or not it was there.
    'table inet slipway',
    'delete table inet slipway',
    'table inet slipway {',
    '  chain input {',
    '    type filter hook input priority filter; policy drop;',
    '    ct state vmap { established : accept, related : accept, invalid : drop }',
    '    iif lo accept',
    // ICMP and its like of IPv6: a small system does not know them by name. https://www.iana.org/assignments/protocol-numbers
    '    meta l4proto { 1, 58 } accept',
    '    udp dport { 68, 546 } accept',
    ...(tcp.length === 0 ? [] : [`    tcp dport { ${ports(tcp)} } accept`]),
    `    include "${apps}"`,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Rules of one app, for the chain that takes them in. @throws Failure UNSAFE_VALUE for what is no port or address */
export const appRules = ({ tcp, udp, openings }: AppFirewall): string =>
  [
    '# Written by Slipway; changes are overwritten.',
    ...(tcp.length === 0 ? [] : [`tcp dport { ${ports(tcp)} } accept`]),
    ...(udp.length === 0 ? [] : [`udp dport { ${ports(udp)} } accept`]),
    ...openings.flatMap(({ port, from }) =>
      (['ip', 'ip6'] as const).flatMap((family) => {
        const own = from.filter((address) => address.includes(':') === (family === 'ip6'));
        return own.length === 0 ? [] : [`${family} saddr { ${own.map(network).join(', ')} } tcp dport ${ports([port])} accept`];
      }),
    ),
    '',
  ].join('\n');

const ports = (numbers: readonly number[]): string =>
  [...new Set(numbers)]
    .sort((a, b) => a - b)
    .map((port) => {
      if (Number.isInteger(port) && port > 0 && port < 65536) return String(port);
      throw refused(String(port), 'is no port');
    })
    .join(', ');

function network(text: string): string {
  if (/^(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?$/.test(text) || /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:\/\d{1,3})?$/.test(text))
    return text;
  throw refused(text, 'is no address or network');
}

const refused = (text: string, why: string): Failure =>
  new Failure('UNSAFE_VALUE', 'config', `The firewall cannot be told ${JSON.stringify(text)}: it ${why}`);
