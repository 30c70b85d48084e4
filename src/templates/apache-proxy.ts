import type { ApacheEdge } from './apache-edge.js';
import { quoteApache } from './apache-quote.js';
import type { Lines } from './nginx-lines.js';
import { FORGEABLE } from './nginx-proxy.js';

/** What is told of the client to the app, and must come from us alone. */
const TOLD = ['X-Real-IP', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Request-ID'];

/** nginx drops headers with underscores; Apache passes them on, and some app servers read them as dashes. */
function spellings(name: string): string[] {
  const [first = '', ...rest] = name.split('-');
  return rest.reduce<string[]>((all, part) => all.flatMap((one) => [`${one}-${part}`, `${one}_${part}`]), [first]);
}

/** mod_proxy takes away every header that the client names here, ours too: only what a connection is for is left of it. */
const CONNECTION: Lines = [
  ...['upgrade', 'close', 'keep-alive'].map(
    (token) => `RequestHeader edit Connection "(?i)^(?:.*,)?\\s*${token}\\s*(?:,.*)?$" "${token}" early`,
  ),
  'RequestHeader edit Connection "^(?!(?:upgrade|close|keep-alive)$).*$" "" early',
];

/** What the app may believe is overwritten, never appended to. `early`: before anything in Apache has read it. */
const told = (edge: ApacheEdge): Lines => [
  CONNECTION,
  [...FORGEABLE, ...TOLD]
    .flatMap(spellings)
    // What a proxy before us tells is read first, and overwritten below.
    .filter((name) => edge.proxies === undefined || !['X-Forwarded-For', 'X-Forwarded-Proto'].includes(name))
    .map((name) => `RequestHeader unset ${name} early`),
  'ProxyAddHeaders Off',
  'RequestHeader set X-Real-IP "expr=%{REMOTE_ADDR}"',
  'RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"',
  edge.proxies?.plain === true
    ? 'RequestHeader set X-Forwarded-Proto "https"'
    : 'RequestHeader set X-Forwarded-Proto "expr=%{REQUEST_SCHEME}"',
  'RequestHeader set X-Request-ID "%{UNIQUE_ID}e"',
  edge.token !== undefined && `Include ${quoteApache(edge.token)}`,
];

/**
 * Everything that no rule has found a file for goes to the live release, behind its symlink. Connections are not kept: a kept one would still lead to the
 * release before the switch.
 * @param files regular expressions of paths that do not
 */
export const apacheProxy = (edge: ApacheEdge, files: readonly string[]): Lines => [
  told(edge),
  'ProxyPreserveHost On',
  'ProxyVia Off',
  'ProxyErrorOverride Off',
  files.map((path) => `ProxyPassMatch ${path} "!"`),
  [
    `ProxyPass "/" ${quoteApache(`unix:${edge.upstreamSocket}|http://${edge.name}/`)} nocanon disablereuse=on retry=0 connectiontimeout=5`,
    `timeout=${edge.responseSeconds ?? 60}${edge.webSockets ? ' upgrade=websocket' : ''}`,
  ].join(' '),
];
