import type { EdgeConfig } from './nginx-edge.js';
import { type Lines, map } from './nginx-lines.js';
import { socketAddress } from './nginx-place.js';
import { quoteNginx } from './nginx-quote.js';
import { since } from './nginx-tls.js';
import { clientScheme } from './nginx-trusted.js';

/** What other proxies use to tell of the client, the site or a log-in. No proxy stands before us, so whoever sends one forges it. */
export const FORGEABLE: readonly string[] = [
  'Forwarded',
  'Proxy',
  'X-Forwarded-Host',
  'X-Forwarded-Port',
  'X-Forwarded-Server',
  'X-Forwarded-Scheme',
  'X-Forwarded-Protocol',
  'X-Forwarded-Ssl',
  'X-Forwarded-Prefix',
  'X-Forwarded-Uri',
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Preferred-Username',
  'X-Forwarded-Access-Token',
  'X-Forwarded-Client-Cert',
  'X-Auth-Request-User',
  'X-Auth-Request-Email',
  'X-Remote-User',
  'Remote-User',
  'X-Url-Scheme',
  'X-Scheme',
  'X-Script-Name',
  'X-Original-URL',
  'X-Original-Host',
  'X-Rewrite-URL',
  'X-Host',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'True-Client-IP',
  'Client-IP',
  'CF-Connecting-IP',
  'Front-End-Https',
];

const UPGRADE: Lines = map('$http_upgrade', '$slipway_upgrade', [
  ['"~*^websocket$"', 'websocket'],
  ['default', '""'],
]);

export const proxyMaps = (edge: EdgeConfig): Lines => [
  // The name is the one the server was chosen by, never the Host line beside an absolute request target; only the port is the client's.
  map('$http_host', '$slipway_port', [
    ['"~:(?<slipway_port_given>[0-9]{1,5})$"', '":$slipway_port_given"'],
    ['default', '""'],
  ]),
  edge.webSockets && UPGRADE,
  edge.webSockets &&
    map('$slipway_upgrade', '$slipway_connection', [
      ['websocket', 'upgrade'],
      ['default', 'close'],
    ]),
];

/**
 * The live release behind its symlink. Connections are not kept: a kept one would still lead to the release before the switch, and loses
 * requests when that stops. nginx keeps them by itself since 1.29.7 (https://nginx.org/en/CHANGES).
 */
export const upstream = (edge: EdgeConfig): Lines => [
  `server ${socketAddress(edge.upstreamSocket)} max_fails=0;`,
  since(edge.nginx.version, [1, 29, 7]) && 'keepalive 0;',
];

/** How every request is passed on: what the app may believe is overwritten, never appended to. */
export const proxying = (edge: EdgeConfig): Lines => [
  'proxy_http_version 1.1;',
  'proxy_set_header Host $host$slipway_port;',
  `proxy_set_header Connection ${edge.webSockets ? '$slipway_connection' : 'close'};`,
  `proxy_set_header Upgrade ${edge.webSockets ? '$slipway_upgrade' : '""'};`,
  'proxy_set_header X-Real-IP $remote_addr;',
  'proxy_set_header X-Forwarded-For $remote_addr;',
  `proxy_set_header X-Forwarded-Proto ${clientScheme(edge)};`,
  'proxy_set_header X-Request-ID $request_id;',
  FORGEABLE.map((name) => `proxy_set_header ${name} "";`),
  edge.token !== undefined && `include ${quoteNginx(edge.token)};`,
  'proxy_redirect off;',
  'proxy_next_upstream off;',
  'proxy_connect_timeout 5s;',
  'proxy_send_timeout 60s;',
  `proxy_read_timeout ${edge.responseSeconds ?? 60}s;`,
  'proxy_request_buffering on;',
  'proxy_buffering on;',
  'proxy_buffer_size 16k;',
  'proxy_buffers 16 16k;',
  'proxy_busy_buffers_size 32k;',
];
