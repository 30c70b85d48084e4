import { type Command, type Env, quote } from '../core/command.js';

/** https://eff-certbot.readthedocs.io/en/stable/using.html */
export interface CertificateWish {
  /** Certbot's name for it, which never changes. */
  readonly name: string;
  readonly domains: readonly string[];
  /** Answered from `WEBROOT/.well-known/acme-challenge/` over plain HTTP. */
  readonly webroot: string;
  /**
   * A program that answers by DNS instead: called with `auth` to publish the TXT record and with `cleanup` to take it away again.
   * https://eff-certbot.readthedocs.io/en/stable/using.html#pre-and-post-validation-hooks
   */
  readonly dnsHook?: string;
  /** File that says until when (seconds since 1970) which authority is not to be asked again. */
  readonly wait: string;
  /** Directory URL; absent: Let's Encrypt. */
  readonly directory?: string;
  readonly email?: string;
  /** CA bundle by which the directory's own server is trusted; absent: the system's. */
  readonly bundle?: string;
}

/** For trying: its certificates are trusted by nobody, and its limits are high. https://letsencrypt.org/docs/staging-environment/ */
export const LETS_ENCRYPT_STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory';
const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

export const lineage = (name: string): string => `/etc/letsencrypt/live/${name}`;

const trusting = ({ bundle }: CertificateWish): Env => (bundle === undefined ? {} : { REQUESTS_CA_BUNDLE: bundle });

/** How the authority is shown that the names are ours. */
const answering = ({ webroot, dnsHook }: CertificateWish): readonly string[] =>
  dnsHook === undefined
    ? ['--webroot', '--webroot-path', webroot]
    : [
        ...['--manual', '--preferred-challenges', 'dns'],
        ...['--manual-auth-hook', `${quote(dnsHook)} auth`, '--manual-cleanup-hook', `${quote(dnsHook)} cleanup`],
      ];

/**
 * A nonce that the authority refuses is no fault of anybody's, and counts for no limit: again, which certbot itself does once.
 * https://www.rfc-editor.org/rfc/rfc8555#section-6.5
 */
const ASK = `out="$(mktemp)"; trap 'rm -f "$out"' EXIT
ask() {
  for try in 1 2 3 4 5 6 7 8 9 10; do
    if certbot "$@" >"$out" 2>&1; then cat "$out"; return 0; fi
    grep -qi 'badNonce\\|anti-replay nonce' "$out" || return 1
  done
  return 1
}`;

/**
 * A limit that is reached is heeded: until its time is over this authority is asked nothing, since every question may make it longer.
 * https://www.rfc-editor.org/rfc/rfc8555#section-6.6, https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
const OBTAIN = `conf="/etc/letsencrypt/renewal/$1.conf"; server="$2" wait="$3"; shift 3
left() { echo "Detail: the authority has asked to be left alone until $(date -ud "@$1" '+%F %T') UTC" >&2; }
until= who=
[ ! -s "$wait" ] || read -r until who <"$wait" || true
if [ "$who" = "$server" ] && [ "\${until:-0}" -gt "$(date +%s)" ]; then left "$until"; exit 75; fi
if [ -e "$conf" ] && ! grep -qxF "server = $server" "$conf"; then set -- "$@" --force-renewal; fi
${ASK}
if ask certonly "$@"; then rm -f "$wait"; exit 0; fi
if grep -qi 'rateLimited\\|too many' "$out"; then
  after="$(sed -n 's/^retry-after: *\\(.*[^[:space:]]\\).*/\\1/Ip' /var/log/letsencrypt/letsencrypt.log 2>/dev/null | tail -n 1)"
  case "$after" in '') after='now + 3600 seconds' ;; *[!0-9]*) ;; *) after="now + $after seconds" ;; esac
  until="$(sed -n 's/.*retry after \\([0-9-]* [0-9:]*\\) UTC.*/\\1 UTC/p' "$out" | head -n 1)"
  until="$(date -ud "\${until:-$after}" +%s)"
  echo "$until $server" >"$wait"
  left "$until"
fi
cat "$out" >&2
exit 1`;

/** Gets the certificate, or one for other names or of another authority in its place. The old one is there until then. */
export const obtainCertificate = (wish: CertificateWish): Command => {
  const server = wish.directory ?? LETS_ENCRYPT;
  return {
    argv: [
      'sh',
      '-euc',
      // What certbot would keep, because it has not run out, is of another authority.
      OBTAIN,
      'sh',
      wish.name,
      server,
      wish.wait,
      ...['--non-interactive', '--agree-tos', '--no-eff-email', '--max-log-backups', '10'],
      ...(wish.email === undefined ? ['--register-unsafely-without-email'] : ['--email', wish.email]),
      ...['--server', server, ...answering(wish), '--cert-name', wish.name],
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

const REHEARSE = `name="$1" mark="$2"; shift 2
${ASK}
ask renew --dry-run --no-random-sleep-on-renew --cert-name "$name" "$@" || { cat "$out" >&2; exit 1; }
sha256sum "/etc/letsencrypt/live/$name/fullchain.pem" >"$mark"`;

/** Renewal as the timer will do it, without getting anything; what it was tried for is remembered in `mark`. */
export const rehearseRenewal = (wish: CertificateWish, mark: string): Command => ({
  argv: [
    'sh',
    '-euc',
    REHEARSE,
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
