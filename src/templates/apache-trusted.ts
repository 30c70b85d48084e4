import type { ApacheEdge } from './apache-edge.js';
import type { Lines } from './apache-lines.js';
import { network } from './nginx-trusted.js';

/** The client is who the last proxy that is not trusted came from. https://httpd.apache.org/docs/2.4/mod/mod_remoteip.html */
export const apacheRealClient = ({ proxies }: ApacheEdge): Lines =>
  proxies !== undefined && ['RemoteIPHeader X-Forwarded-For', `RemoteIPInternalProxy ${proxies.trusted.map(network).join(' ')}`];

/**
 * Where TLS ends before the edge: nobody but the proxies is served, and whoever came to them without it is sent to it.
 * @param toHttps the rules that do
 */
export const apacheBeforeUs = ({ proxies }: ApacheEdge, toHttps: Lines): Lines =>
  proxies?.plain === true && [
    `RewriteCond expr "!(${proxies.trusted.map((one) => `%{CONN_REMOTE_ADDR} -ipmatch '${network(one)}'`).join(' || ')})"`,
    'RewriteRule ^ - [R=403,END]',
    `RewriteCond expr "%{REQUEST_SCHEME} != 'https' && req_novary('X-Forwarded-Proto') != 'https'"`,
    toHttps,
  ];
