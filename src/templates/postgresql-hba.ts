import { Failure } from '../core/failure.js';

export interface HbaLine {
  readonly database: string;
  readonly role: string;
  /** An IP address: this one alone. */
  readonly address: string;
}

/** Who may come over the network: with TLS and a password that is never sent. https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
export const hbaLines = (lines: readonly HbaLine[]): string =>
  lines
    .map(({ database, role, address }) => `hostssl ${hbaName(database)} ${hbaName(role)} ${hbaAddress(address)} scram-sha-256\n`)
    .join('');

/**
 * The one escaper for names of pg_hba.conf. In double quotes no name means a keyword (`all`, `replication`); a quote in one, a line's end or
 * a list's comma has no way to be written.
 * @throws Failure UNSAFE_VALUE
 */
export function hbaName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (name === '' || /["\\,\x00-\x1f\x7f]/.test(name) || /^[+@/]/.test(name))
    throw new Failure('UNSAFE_VALUE', 'bug', `${JSON.stringify(name)} cannot stand in pg_hba.conf`);
  return `"${name}"`;
}

/** One address as a network of its own. @throws Failure UNSAFE_VALUE */
function hbaAddress(address: string): string {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return `${address}/32`;
  if (/^[0-9A-Fa-f:]+(\d{1,3}(\.\d{1,3}){3})?$/.test(address) && address.includes(':')) return `${address}/128`;
  throw new Failure('UNSAFE_VALUE', 'bug', `${JSON.stringify(address)} is no IP address`);
}
