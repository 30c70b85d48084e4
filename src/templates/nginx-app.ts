import { caching } from './nginx-cache.js';
import { type EdgeConfig, ownName } from './nginx-edge.js';
import { fileHeaders } from './nginx-headers.js';
import { block, type Lines } from './nginx-lines.js';
import { urlPrefix } from './nginx-place.js';
import { quoteNginx } from './nginx-quote.js';

const pass = (edge: EdgeConfig): string => `proxy_pass http://${ownName(edge, 'app')};`;
const UNAVAILABLE = '/-/unavailable.html';

export const unavailable = `error_page 502 503 504 ${UNAVAILABLE};`;

const login = (edge: EdgeConfig, path: string): Lines =>
  block(
    `location = ${quoteNginx(path)}`,
    `limit_req zone=${ownName(edge, 'login')} burst=10 nodelay;`,
    'limit_req_status 429;',
    pass(edge),
  );

/** Websockets have their own location because only there silence is normal. `if` with `return` alone is safe; 418 is only the way there. */
const toWebSocket: Lines = [
  unavailable,
  'error_page 418 = @slipway_websocket;',
  ...block('if ($slipway_upgrade)', 'return 418;'),
];

const webSocket = (edge: EdgeConfig): Lines =>
  block('location @slipway_websocket', 'proxy_read_timeout 1h;', 'proxy_send_timeout 1h;', 'proxy_buffering off;', pass(edge));

/** nginx's own error pages name nginx and say nothing; this one is shown when the app does not answer. SSI puts the request id in. */
const errorPage = (edge: EdgeConfig): Lines =>
  block(
    `location = ${UNAVAILABLE}`,
    'internal;',
    `alias ${quoteNginx(edge.errorPage, 'value')};`,
    'types { }',
    'default_type text/html;',
    'charset utf-8;',
    'ssi on;',
    fileHeaders(edge),
    'add_header Retry-After 5 always;',
    'add_header Cache-Control no-store always;',
    `add_header Content-Security-Policy "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'" always;`,
  );

/** Everything that is answered by the app, and what the app answers only on its inner socket. */
export const appLocations = (edge: EdgeConfig): Lines => [
  block('location = /-/health', 'return 404;'),
  block('location ^~ /-/health/', 'return 404;'),
  block(String.raw`location ~ "^/\\.(?!well-known(?:/|$))"`, 'return 404;'),
  (edge.passed ?? []).map((path) => block(`location ^~ ${urlPrefix(path, 'web.protect')}`, pass(edge))),
  (edge.loginPaths ?? []).map((path) => login(edge, path)),
  block('location /', edge.webSockets && toWebSocket, caching(edge), pass(edge)),
  edge.webSockets && webSocket(edge),
  errorPage(edge),
];
