import type { ApacheEdge } from './apache-edge.js';
import type { Lines } from './nginx-lines.js';

/** Apache itself answers, and has not asked the app. */
const OWN_ANSWER = `"expr=! (%{HANDLER} =~ /^proxy/)"`;

/** Header and value, as Django sends them by default. */
const values = (edge: ApacheEdge, frames: 'DENY' | 'SAMEORIGIN') =>
  [
    ...(edge.hstsSeconds > 0
      ? [['Strict-Transport-Security', `max-age=${edge.hstsSeconds}${edge.hstsReach ?? ''}`] as const]
      : []),
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'same-origin'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['X-Frame-Options', frames],
  ] as const;

/** Where TLS ends before the edge, what is answered to who came without it has no word on TLS: RFC 6797, 7.2. */
const whereTls = ({ proxies }: ApacheEdge, name: string): string =>
  name === 'Strict-Transport-Security' && proxies?.plain === true
    ? ` "expr=%{REQUEST_SCHEME} == 'https' || req_novary('X-Forwarded-Proto') == 'https'"`
    : '';

/** For the whole site: each header once, whoever answers. What is `set` comes beside what the app has sent, so that is taken away first. */
export const apacheHeaders = (edge: ApacheEdge): Lines => [
  'Header note X-Slipway-Release slipway_release',
  'Header unset X-Slipway-Release',
  'Header unset X-Request-ID',
  // The app's server names itself; Apache does instead.
  'Header unset Server',
  'Header always set X-Request-ID "%{UNIQUE_ID}e"',
  values(edge, 'DENY').map(([name, value]) =>
    edge.headers[name] === 'edge'
      ? [`Header unset ${name}`, `Header always set ${name} "${value}"${whereTls(edge, name)}`]
      : `Header always set ${name} "${value}" ${OWN_ANSWER}`,
  ),
];

/** For folders of files, which frames of the same origin may show. */
export const apacheFileHeaders: Lines = 'Header always set X-Frame-Options "SAMEORIGIN"';
