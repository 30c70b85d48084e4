import type { Command, Env } from '../core/command.js';

/** https://eff-certbot.readthedocs.io/en/stable/using.html */
export interface CertificateWish {
  /** Certbot's name for it, which never changes. */
  readonly name: string;
  readonly domains: readonly string[];
  /** Answered from `WEBROOT/.well-known/acme-challenge/` over plain HTTP. */
  readonly webroot: string;
  /** Directory URL; absent: Let's Encrypt. */
  readonly directory?: string;
  readonly email?: string;
  /** CA bundle by which the directory's own server is trusted; absent: the system's. */
  readonly bundle?: string;
}

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

export const lineage = (name: string): string => `/etc/letsencrypt/live/${name}`;

const trusting = ({ bundle }: CertificateWish): Env => (bundle === undefined ? {} : { REQUESTS_CA_BUNDLE: bundle });

/** Gets the certificate, or one for other names or of another authority in its place. The old one is there until then. */
export const obtainCertificate = (wish: CertificateWish): Command => {
  const server = wish.directory ?? LETS_ENCRYPT;
  return {
    argv: [
      'sh',
      '-euc',
      // What certbot would keep, because it has not run out, is of another authority.
      `conf="/etc/letsencrypt/renewal/$1.conf"; server="$2"; shift 2
if [ -e "$conf" ] && ! grep -qxF "server = $server" "$conf"; then set -- "$@" --force-renewal; fi
exec certbot certonly "$@"`,
      'sh',
      wish.name,
      server,
      ...['--non-interactive', '--agree-tos', '--no-eff-email', '--max-log-backups', '10'],
      ...(wish.email === undefined ? ['--register-unsafely-without-email'] : ['--email', wish.email]),
      ...['--server', server, '--webroot', '--webroot-path', wish.webroot, '--cert-name', wish.name],
      ...['--key-type', 'ecdsa', '--elliptic-curve', 'secp256r1', '--keep-until-expiring', '--renew-with-new-domains'],
      ...wish.domains.flatMap((domain) => ['-d', domain]),
    ],
    env: trusting(wish),
    timeoutSeconds: 300,
  };
};

/** Exit 0 where there is one for exactly these names, of that authority, good for a day and more; else 1. */
export const certificateHeld = (wish: CertificateWish): Command => ({
  argv: [
    'sh',
    '-uc',
    `conf="/etc/letsencrypt/renewal/$1.conf"; chain="/etc/letsencrypt/live/$1/fullchain.pem"; server="$2"; shift 2
[ -e "$chain" ] && grep -qxF "server = $server" "$conf" || exit 1
openssl x509 -in "$chain" -noout -checkend 86400 >/dev/null || exit 1
held="$(openssl x509 -in "$chain" -noout -ext subjectAltName | tail -n +2 | tr -d ' ' | tr ',' '\\n' | sed 's/^DNS://' | sort)"
[ "$held" = "$(printf '%s\\n' "$@" | sort)" ] || exit 1`,
    'sh',
    wish.name,
    wish.directory ?? LETS_ENCRYPT,
    ...wish.domains,
  ],
  timeoutSeconds: 30,
});

/** Renewal as the timer will do it, without getting anything; what it was tried for is remembered in `mark`. */
export const rehearseRenewal = (wish: CertificateWish, mark: string): Command => ({
  argv: [
    'sh',
    '-euc',
    'name="$1" mark="$2"; shift 2; certbot renew --dry-run --no-random-sleep-on-renew --cert-name "$name" "$@"; sha256sum "/etc/letsencrypt/live/$name/fullchain.pem" >"$mark"',
    'sh',
    wish.name,
    mark,
    // Without it, a dry run is Let's Encrypt's staging authority, whoever gave the certificate.
    ...(wish.directory === undefined ? [] : ['--server', wish.directory]),
  ],
  env: trusting(wish),
  timeoutSeconds: 300,
});

/** Exit 0 where that was tried for the certificate that is there, else 1. */
export const renewalRehearsed = (mark: string): Command => ({
  argv: ['sh', '-uc', 'sha256sum --status -c "$1" 2>/dev/null || exit 1', 'sh', mark],
  timeoutSeconds: 30,
});
