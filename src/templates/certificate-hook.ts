import { quote } from '../core/command.js';

export interface HookArgs {
  /** Certbot's folder of the certificate. */
  readonly lineage: string;
  readonly certificate: string;
  readonly key: string;
  /** Who reads the key beside root. */
  readonly group: string;
  /** Unit of the front server. */
  readonly unit: string;
  /** File that says which certificate it runs with: a deployment then leaves it alone. */
  readonly loaded: string;
}

/** What certbot runs after each renewal: the front server gets the new certificate, and reads it without dropping a request. */
export const certificateHook = ({ lineage, certificate, key, group, unit, loaded }: HookArgs): string => `#!/bin/sh
# Written by Slipway; changes are overwritten.
set -eu
[ "\${RENEWED_LINEAGE:-}" = ${quote(lineage)} ] || exit 0
install -m 0640 -o root -g ${quote(group)} ${quote(`${lineage}/privkey.pem`)} ${quote(`${key}.new`)}
install -m 0644 -o root -g root ${quote(`${lineage}/fullchain.pem`)} ${quote(`${certificate}.new`)}
mv -f ${quote(`${key}.new`)} ${quote(key)}
mv -f ${quote(`${certificate}.new`)} ${quote(certificate)}
systemctl reload ${quote(unit)}
sha256sum <${quote(certificate)} | cut -c 1-64 >${quote(loaded)}
`;
