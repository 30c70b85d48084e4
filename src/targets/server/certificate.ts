import type { Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import {
  type CertificateWish,
  certificateHeld,
  lineage,
  obtainCertificate,
  rehearseRenewal,
  renewalRehearsed,
} from '../../ops/certbot.js';
import { enableUnits, unitsEnabled } from '../../ops/systemctl.js';
import { certificateHook } from '../../templates/certificate-hook.js';
import { lineValue } from '../../templates/systemd-quote.js';
import { unitFile } from '../../templates/systemd-unit.js';
import { EDGE_UNITS } from './edge-unit.js';
import { EDGE_USER, serverFiles, stateFiles } from './layout.js';
import type { ServerHost, ServerRelease } from './options.js';
import { stepsOn } from './step.js';

/** For a month unless said, and for some names: what browsers warn of, and the edge can begin with. */
export const TEMPORARY = `umask 077
name="$3" names="$4" group="$5" days="\${6:-30}"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=$name" -addext "subjectAltName=$names" \
  -addext 'extendedKeyUsage=serverAuth' -keyout "$2.new" -out "$1.new" 2>/dev/null
chown root:"$group" "$2.new"; chmod 640 "$2.new"; chmod 644 "$1.new"
mv -f "$2.new" "$2"; mv -f "$1.new" "$1"`;

/** Same while both are there and the certificate has a day left. */
export const USABLE = '[ -s "$2" ] && openssl x509 -in "$1" -noout -checkend 86400 >/dev/null 2>&1 || exit 1';

/**
 * A certificate is there, so that the edge can start: the user's own, or a temporary one until the authority has given a real one
 * (`acmeSteps`).
 */
export function certificateSteps(release: ServerRelease, host: ServerHost): Step[] {
  if (!host.roles.includes('web')) return [];
  const { options, domains } = release;
  const { certificate, certificateKey } = stateFiles(options.layout);
  const step = stepsOn(host.name, 'prepare');
  if (options.tls.kind === 'own') {
    const owned: Command = { argv: ['chgrp', EDGE_USER, certificateKey] };
    return [
      step('certificate.key', 'private key', {
        kind: 'file',
        path: certificateKey,
        content: { secret: options.tls.keySecret },
        mode: 0o640,
      }),
      step('certificate.group', 'who reads the private key', {
        kind: 'run',
        command: owned,
        check: { command: { argv: ['sh', '-uc', '[ "$(stat -c %G "$2")" = "$1" ]', 'sh', EDGE_USER, certificateKey] } },
      }),
      step('certificate.chain', 'certificate', {
        kind: 'file',
        path: certificate,
        content: options.tls.certificate,
        mode: 0o644,
      }),
    ];
  }
  const names = domains.map((domain) => `DNS:${domain}`).join(',');
  const args = ['sh', certificate, certificateKey];
  return [
    step('certificate.temporary', 'a certificate to begin with', {
      kind: 'run',
      // A common name has 64 characters at most; it is not looked at where there are alternative names.
      command: {
        argv: ['sh', '-euc', TEMPORARY, ...args, (domains[0] ?? 'localhost').slice(0, 64), names, EDGE_USER],
        timeoutSeconds: 60,
      },
      check: { command: { argv: ['sh', '-uc', USABLE, ...args] } },
    }),
  ];
}

const dnsHookFile = (layout: ServerRelease['options']['layout']): string => `${stateFiles(layout).edge}/dns-hook`;

/** Certbot's name of the app's certificate. */
const wishOf = ({ options, domains }: ServerRelease): CertificateWish | undefined => {
  const { tls, key, layout } = options;
  if (tls.kind !== 'acme') return undefined;
  return {
    name: key,
    domains,
    webroot: serverFiles(layout).acme,
    wait: `${stateFiles(layout).edge}/acme-wait`,
    ...(tls.dnsHook === undefined ? {} : { dnsHook: dnsHookFile(layout) }),
    ...(tls.directory === undefined ? {} : { directory: tls.directory }),
    ...(tls.email === undefined ? {} : { email: tls.email }),
    ...(tls.ca === undefined ? {} : { bundle: `${stateFiles(layout).edge}/acme-bundle.pem` }),
  };
};

/**
 * The authority's certificate: got while the edge already serves, installed in place of the one before, renewed by certbot's own timer, and
 * that tried once. Nothing for other kinds of certificate.
 */
export function acmeSteps(release: ServerRelease, host: ServerHost): Step[] {
  const wish = wishOf(release);
  if (wish === undefined || !host.roles.includes('web')) return [];
  const { options, domains } = release;
  const state = stateFiles(options.layout);
  const step = stepsOn(host.name, 'switch');
  const hook = `/etc/letsencrypt/renewal-hooks/deploy/slipway-${options.key}`;
  const from = lineage(wish.name);
  const mark = `${state.edge}/renewal-rehearsed`;
  const byDns = wish.dnsHook !== undefined;
  return [
    ...bundleSteps(release, host, wish),
    // Root's alone: what publishes records may hold a password.
    ...(options.tls.kind === 'acme' && options.tls.dnsHook !== undefined
      ? [
          step('acme.dns-hook', 'how names are proved by DNS', {
            kind: 'file',
            path: dnsHookFile(options.layout),
            content: options.tls.dnsHook,
            mode: 0o700,
          }),
        ]
      : []),
    step('acme.hook', 'what follows a renewal', {
      kind: 'file',
      path: hook,
      content: certificateHook({
        lineage: from,
        certificate: state.certificate,
        key: state.certificateKey,
        group: EDGE_USER,
        unit: EDGE_UNITS[options.edge],
        loaded: `${state.edge}/loaded-certificate`,
      }),
      mode: 0o755,
    }),
    step(
      'acme.obtain',
      `certificate for ${domains.join(', ')}`,
      { kind: 'run', command: obtainCertificate(wish), check: { command: certificateHeld(wish) } },
      {
        code: 'CERTIFICATE_NOT_ISSUED',
        kind: 'remote',
        message: `The authority gave no certificate for ${domains.join(', ')}; the site answers with the one it had`,
        hint: byDns
          ? `see what ${dnsHookFile(options.layout)} on the host says, then deploy again`
          : 'see that each name leads to this host and that port 80 is open to the world, then deploy again',
      },
    ),
    step('acme.install', 'the edge has the certificate', {
      kind: 'run',
      command: { argv: [hook], env: { RENEWED_LINEAGE: from }, timeoutSeconds: 60 },
      check: {
        command: {
          argv: [
            'sh',
            '-uc',
            'cmp -s "$1/fullchain.pem" "$2" && cmp -s "$1/privkey.pem" "$3" || exit 1',
            'sh',
            from,
            state.certificate,
            state.certificateKey,
          ],
        },
      },
    }),
    step('acme.timer', 'certificates are renewed', {
      kind: 'run',
      command: enableUnits(['certbot.timer']),
      check: { command: unitsEnabled(['certbot.timer']) },
    }),
    step(
      'acme.rehearse',
      'renewal is tried',
      { kind: 'run', command: rehearseRenewal(wish, mark), check: { command: renewalRehearsed(mark) } },
      {
        code: 'RENEWAL_REFUSED',
        kind: 'remote',
        message: `The certificate for ${domains.join(', ')} could not be renewed when that was tried; the one that is there serves`,
        hint: `ssh ${host.name} certbot renew --dry-run`,
      },
    ),
  ];
}

const COMBINE = 'cat /etc/ssl/certs/ca-certificates.crt "$1" >"$2.new"; mv -f "$2.new" "$2"';
const COMBINED = 'cat /etc/ssl/certs/ca-certificates.crt "$1" 2>/dev/null | cmp -s - "$2" || exit 1';

/** An authority of one's own: its server's CA beside the system's, for certbot's timer too. */
function bundleSteps({ options }: ServerRelease, host: ServerHost, { bundle }: CertificateWish): Step[] {
  if (options.tls.kind !== 'acme' || options.tls.ca === undefined || bundle === undefined) return [];
  const step = stepsOn(host.name, 'switch');
  const ca = `${stateFiles(options.layout).edge}/acme-ca.pem`;
  const script = (text: string): Command => ({ argv: ['sh', '-euc', text, 'sh', ca, bundle] });
  return [
    step('acme.ca', "the authority's own certificate", { kind: 'file', path: ca, content: options.tls.ca, mode: 0o644 }),
    step('acme.bundle', 'whom certbot trusts', { kind: 'run', command: script(COMBINE), check: { command: script(COMBINED) } }),
    step('acme.environment', 'certbot trusts it when it renews', {
      kind: 'file',
      path: `/etc/systemd/system/certbot.service.d/slipway-${options.key}.conf`,
      content: unitFile({ kind: { name: 'Service', lines: [['Environment', lineValue(`REQUESTS_CA_BUNDLE=${bundle}`)]] } }),
      mode: 0o644,
    }),
  ];
}
