export interface SshdArgs {
  /** Of OpenSSH: [9, 2], [10, 0]. */
  readonly version: readonly [number, number];
  /** Slipway came in by a key: then nobody needs a password. */
  readonly keyLogin: boolean;
  /** Key exchanges that the ssh offers by which Slipway comes in. */
  readonly offered: readonly string[];
}

/** Those that keep what is said today from the quantum computers of tomorrow, by when OpenSSH learnt them: https://www.openssh.com/pq.html */
const EXCHANGES: readonly (readonly [name: string, since: readonly [number, number]])[] = [
  ['mlkem768x25519-sha256', [9, 9]],
  ['sntrup761x25519-sha512', [9, 9]],
  ['sntrup761x25519-sha512@openssh.com', [8, 5]],
];

/** For those that know none of these. */
const OLDER = ['curve25519-sha256', 'curve25519-sha256@libssh.org'];

const CIPHERS = ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'];
const MACS = ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com', 'umac-128-etm@openssh.com'];
const KEYS = ['ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com', 'rsa-sha2-512', 'rsa-sha2-256'];

const since = (have: readonly [number, number], want: readonly [number, number]): boolean =>
  have[0] > want[0] || (have[0] === want[0] && have[1] >= want[1]);

/** A drop-in for sshd, whose first word on each matter counts. Passes ssh-audit (https://github.com/jtesta/ssh-audit) without failure or warning. */
export function sshdConf({ version, keyLogin, offered }: SshdArgs): string {
  const exchanges = EXCHANGES.filter(([, from]) => since(version, from)).map(([name]) => name);
  const isModern = exchanges.some((name) => offered.includes(name));
  const lines: readonly (readonly [string, string])[] = [
    ...(keyLogin
      ? ([
          ['PasswordAuthentication', 'no'],
          ['KbdInteractiveAuthentication', 'no'],
          ['PermitRootLogin', 'prohibit-password'],
        ] as const)
      : []),
    ['PermitEmptyPasswords', 'no'],
    ['X11Forwarding', 'no'],
    ['MaxAuthTries', '6'],
    ['LoginGraceTime', '30'],
    ['KexAlgorithms', [...exchanges, ...(isModern ? [] : OLDER)].join(',')],
    ['Ciphers', CIPHERS.join(',')],
    ['MACs', MACS.join(',')],
    ['HostKeyAlgorithms', KEYS.join(',')],
    ['RequiredRSASize', '3072'],
  ];
  const known = lines.filter(([name]) => name !== 'RequiredRSASize' || since(version, [9, 1]));
  return `# Written by Slipway; changes are overwritten.\n${known.map(([name, value]) => `${name} ${value}\n`).join('')}`;
}
