import type { Command } from '../../core/command.js';
import { installPackages } from '../../ops/apt.js';

/** Names that may stand in sudoers(5) as they are. */
export const isAccountName = (name: string): boolean => /^[a-z_][a-z0-9_-]{0,31}$/.test(name);

/** Fails where an account of that name is there already. Keys with an order in front of them are for something else. */
const SCRIPT = `name="$1"; keys=/root/.ssh/authorized_keys
! getent passwd -- "$name" >/dev/null || exit 65
grep -qE '^(ssh|ecdsa|sk)-' "$keys"
useradd --create-home --shell /bin/bash -- "$name"
home="$(getent passwd -- "$name" | cut -d: -f6)"
install -d -o "$name" -g "$name" -m 0700 -- "$home/.ssh"
grep -E '^(ssh|ecdsa|sk)-' "$keys" | install -o "$name" -g "$name" -m 0600 -- /dev/stdin "$home/.ssh/authorized_keys"
printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\\n' "$name" | install -m 0440 -- /dev/stdin "/etc/sudoers.d/.slipway-$name"
visudo -q -c -f "/etc/sudoers.d/.slipway-$name"
mv -- "/etc/sudoers.d/.slipway-$name" "/etc/sudoers.d/slipway-$name"`;

/** Makes an account that logs in with root's keys, and may use sudo for everything without a password: what Slipway does there, it does as root. */
export const makeAccount = (name: string): readonly Command[] => [
  installPackages(['sudo']),
  { argv: ['sh', '-euc', SCRIPT, 'sh', name], timeoutSeconds: 60 },
];
