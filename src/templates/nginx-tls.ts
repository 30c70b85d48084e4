import type { EdgeConfig, EdgeServer } from './nginx-edge.js';
import type { Lines } from './nginx-lines.js';
import { place } from './nginx-place.js';

type Version = readonly [number, number, number];

/** True where `have` is `want` or newer. */
export function since(have: Version, want: Version): boolean {
  const at = have.findIndex((part, index) => part !== want[index]);
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0);
}

export const CIPHERS: readonly string[] = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
];

/** OpenSSL before 3.5 does not know the hybrid group, and nginx then refuses to start. */
export function groups(nginx: Pick<EdgeServer, 'openssl'>): string {
  const classical = ['X25519', 'prime256v1', 'secp384r1'];
  // The question mark: a library that does not know it passes it over instead of refusing the whole list.
  return (since(nginx.openssl, [3, 5, 0]) ? ['?X25519MLKEM768', ...classical] : classical).join(':');
}

/** Mozilla's intermediate guideline 6.0 (https://ssl-config.mozilla.org/guidelines/6.0.json), session tickets off. */
export const tls = (edge: EdgeConfig): Lines => [
  'ssl_protocols TLSv1.2 TLSv1.3;',
  `ssl_ciphers ${CIPHERS.join(':')};`,
  `ssl_ecdh_curve ${groups(edge.nginx)};`,
  'ssl_prefer_server_ciphers off;',
  'ssl_session_cache shared:slipway_tls:10m;',
  'ssl_session_timeout 1d;',
  'ssl_session_tickets off;',
];

export const certificate = (edge: EdgeConfig): Lines => [
  `ssl_certificate ${place(edge, edge.certificate)};`,
  `ssl_certificate_key ${place(edge, edge.key)};`,
];

/** nginx was built with HTTP/3: http://nginx.org/en/docs/http/ngx_http_v3_module.html */
export const speaksHttp3 = (nginx: EdgeServer): boolean =>
  nginx.configure.includes('--with-http_v3_module') && since(nginx.version, [1, 25, 0]);

/** Tells browsers, which come over TCP first, that there is HTTP/3. */
export const http3Header = (edge: EdgeConfig): Lines =>
  edge.http3 === true && `add_header Alt-Svc 'h3=":${edge.listen.https}"; ma=86400' always;`;

/** `listen` flags and the HTTP/2 switch, which moved out of `listen` with 1.25.1. */
export function http2(nginx: EdgeServer): { readonly flag: string; readonly line: string | false } {
  if (!nginx.configure.includes('--with-http_v2_module')) return { flag: '', line: false };
  return since(nginx.version, [1, 25, 1]) ? { flag: '', line: 'http2 on;' } : { flag: ' http2', line: false };
}
