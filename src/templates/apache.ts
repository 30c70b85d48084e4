import { apacheCache, apacheToCache, CACHE_MODULES } from './apache-cache.js';
import type { ApacheEdge, ApacheServer } from './apache-edge.js';
import { apacheMedia, apacheNeverRun, apacheStaticFolders, apacheStaticRules, below } from './apache-files.js';
import { apacheHeaders } from './apache-headers.js';
import { block, flat, type Lines } from './apache-lines.js';
import { apacheAccessLog, apacheLogFormat } from './apache-log.js';
import { apacheLogins } from './apache-logins.js';
import { apacheProxy } from './apache-proxy.js';
import { pattern, quoteApache, rewritePattern } from './apache-quote.js';
import { apacheTls } from './apache-tls.js';
import { apacheBeforeUs, apacheRealClient } from './apache-trusted.js';
import { serverName } from './nginx-place.js';
import { since } from './nginx-tls.js';
import { COMPRESSED_TYPES } from './nginx-types.js';

export type { ApacheEdge, ApacheServer } from './apache-edge.js';

/** What the files need of Apache, by the names of Debian's `mods-available`, those they depend on first. */
export const apacheModules = (edge: Pick<ApacheEdge, 'cache'>): readonly string[] => [
  ...[
    'alias',
    'authz_core',
    'env',
    'setenvif',
    'mime',
    'filter',
    'deflate',
    'headers',
    'rewrite',
    'unique_id',
    'include',
    'remoteip',
  ],
  ...['reqtimeout', 'socache_shmcb', 'ssl', 'http2', 'proxy', 'proxy_http'],
  ...(edge.cache === undefined ? [] : CACHE_MODULES),
];

const WRITTEN = '# Written by Slipway; changes are overwritten.';
const UNAVAILABLE = '/-/unavailable.html';
/** What the app answers only on its inner socket. */
const HEALTH = '^/-/health(?:/|$)';
const HIDDEN = String.raw`^/\.(?!well-known(?:/|$))`;

const text = (...lines: Lines[]): string => `${flat(lines).join('\n')}\n`;

/** Limits against clients that send or read slowly on purpose. */
const LIMITS: Lines = [
  'RequestReadTimeout handshake=10 header=10-20,MinRate=500 body=20,MinRate=500',
  'Timeout 30',
  'KeepAlive On',
  'KeepAliveTimeout 65',
  'MaxKeepAliveRequests 1000',
  'LimitRequestLine 16380',
  'LimitRequestFieldSize 16380',
];

const stranger = (port: number, ...own: Lines[]): Lines =>
  block(
    `<VirtualHost _default_:${port}>`,
    'ServerName unknown.invalid',
    own,
    LIMITS,
    'RewriteEngine On',
    'RewriteRule ^ - [R=421,END]',
  );

/** Who asks for a name that no site has. Apache cannot end a handshake for that; it shows a certificate that names nobody. */
export interface Strangers {
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * What sites of Slipway's share in an Apache that is the system's. The same for all of them.
 * @param strangers absent where other sites than Slipway's are there too: who asks for no known name gets the first of those
 */
export const apacheShared = (apache: ApacheServer, strangers: Strangers | undefined): string =>
  text(
    WRITTEN,
    // There is no way to say it for one site alone.
    'ServerTokens Prod',
    'ServerSignature Off',
    apacheLogFormat(),
    strangers !== undefined && [
      'GracefulShutdownTimeout 10',
      ['ServerLimit 8', 'ThreadsPerChild 64', 'MaxRequestWorkers 512'],
      // A process closes its kept connections when all of its threads are busy, and when it is idle and ended: requests are lost on them.
      ['StartServers 3', 'MinSpareThreads 96', 'MaxSpareThreads 512'],
      'SSLSessionCacheTimeout 86400',
      '',
      stranger(80),
      '',
      stranger(443, apacheTls(apache, strangers)),
    ],
  );

const names = ({ domains }: ApacheEdge): Lines => {
  const [first = 'localhost', ...others] = domains.map(serverName);
  return [`ServerName ${first}`, others.length > 0 && `ServerAlias ${others.join(' ')}`];
};

/** As the client sent it: the request line is the one place where the path is not decoded. 308 keeps the method and the body, Apache the query. */
const TO_HTTPS: Lines = [
  `RewriteCond %{THE_REQUEST} ${rewritePattern(String.raw`^\S+ (?:https?://[^/?\s]*)?(/[^?\s]*)`)}`,
  'RewriteRule ^ https://%{SERVER_NAME}%1 [R=308,NE,END]',
];

const CHALLENGE = '/.well-known/acme-challenge/';

/** RFC 8555, 8.3. */
const challenges = ({ challenges: folder }: ApacheEdge): Lines =>
  folder !== undefined && [
    `RewriteRule ${rewritePattern(`^${CHALLENGE}`)} - [END]`,
    `Alias ${quoteApache(CHALLENGE)} ${quoteApache(`${folder}${CHALLENGE}`)}`,
    block(
      `<Directory ${quoteApache(folder)}>`,
      'Options None',
      'AllowOverride None',
      'Require all granted',
      'ForceType text/plain',
    ),
  ];

const plainSite = (edge: ApacheEdge): Lines =>
  block(
    '<VirtualHost *:80>',
    names(edge),
    LIMITS,
    'UseCanonicalName Off',
    apacheAccessLog(edge.logs, []),
    'RewriteEngine On',
    challenges(edge),
    TO_HTTPS,
  );

const compression = ({ apache }: ApacheEdge): Lines => [
  `AddOutputFilterByType DEFLATE text/html ${COMPRESSED_TYPES.join(' ')}`,
  'DeflateCompressionLevel 5',
  // Before, what is compressed gets an ETag of its own, which the app has never heard of: https://bz.apache.org/bugzilla/show_bug.cgi?id=45023
  since(apache.version, [2, 4, 58])
    ? 'DeflateAlterETag NoChange'
    : `RequestHeader edit If-None-Match ${pattern('^((?:W/)?"(.*)-gzip")$')} ${pattern('$1, "$2"')}`,
];

/** Shown when the app does not answer. SSI puts the request id in. */
const errorPage = ({ errorPage: file }: ApacheEdge): Lines => [
  [502, 503, 504].map((status) => `ErrorDocument ${status} ${UNAVAILABLE}`),
  block(
    `<Directory ${quoteApache(file.slice(0, file.lastIndexOf('/')))}>`,
    'Options IncludesNOEXEC',
    'AllowOverride None',
    block(
      `<Files ${quoteApache(file.slice(file.lastIndexOf('/') + 1))}>`,
      'Require all granted',
      'ForceType "text/html; charset=utf-8"',
      'SetOutputFilter INCLUDES',
      'Header always set Retry-After "5"',
      'Header always set Cache-Control "no-store"',
      `Header always set Content-Security-Policy "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"`,
    ),
  ),
];

const UNAVAILABLE_PATH = `^${UNAVAILABLE.replaceAll('.', '\\.')}$`;

const notThere = (path: string): Lines => `RewriteRule ${rewritePattern(path)} - [R=404,END]`;

/** Which file is meant, and what is not there. All else goes to the app: these come first. */
const rules = (edge: ApacheEdge): Lines => [
  'RewriteEngine On',
  apacheBeforeUs(edge, TO_HTTPS),
  // A body that does not say how long it is has no limit in what Apache passes on, and Django would see none of it.
  `RewriteCond expr "req_novary('Transfer-Encoding') != ''"`,
  'RewriteRule ^ - [R=411,END]',
  `RewriteCond expr "req_novary('Content-Length') -gt ${edge.maxBody}"`,
  'RewriteRule ^ - [R=413,END]',
  'RewriteCond %{ENV:REDIRECT_STATUS} ^50[234]$',
  `RewriteRule ${rewritePattern(UNAVAILABLE_PATH)} ${quoteApache(edge.errorPage)} [END]`,
  [UNAVAILABLE_PATH, HEALTH, HIDDEN].map(notThere),
  apacheLogins(edge),
  // Not looked for among the files.
  (edge.passed ?? []).map((path) => `RewriteRule ${rewritePattern(below(path))} - [END]`),
  [...edge.static, ...edge.media].map(({ url }) => notThere(String.raw`${below(url)}(?:.*/)?\.(?!well-known/)`)),
  apacheStaticRules(edge),
  edge.static.map(({ url }) => notThere(below(url))),
  apacheToCache(edge),
];

/** Beginning of a regular expression that does not match what is passed on. */
const besides = ({ passed = [] }: ApacheEdge): string => passed.map((path) => `(?!${below(path)})`).join('');

const site = (edge: ApacheEdge, head = '<VirtualHost *:443>', tls = true): Lines => {
  return block(
    head,
    names(edge),
    LIMITS,
    'UseCanonicalName Off',
    'AllowEncodedSlashes NoDecode',
    'TraceEnable Off',
    'EnableSendfile On',
    'EnableMMAP Off',
    `LimitRequestBody ${edge.maxBody}`,
    tls && apacheTls(edge.apache, edge),
    apacheRealClient(edge),
    apacheAccessLog(
      edge.logs,
      edge.static.map(({ url }) => url),
    ),
    '',
    apacheHeaders(edge),
    compression(edge),
    apacheCache(edge),
    '',
    rules(edge),
    '',
    apacheStaticFolders(edge),
    apacheMedia(edge),
    errorPage(edge),
    apacheNeverRun(edge),
    '',
    apacheProxy(
      edge,
      edge.media.map(({ url }) => pattern(`${besides(edge)}${below(url)}`)),
    ),
  );
};

/**
 * One site in an Apache that is the system's, where `apacheShared` is there too: a file of `sites-available`. It behaves as nginx's
 * (`nginxSite`).
 * @throws Failure EDGE_CONFIG for a name or URL that cannot be, EDGE_VALUE for a path that Apache cannot be told
 */
export const apacheSite = (edge: ApacheEdge): string =>
  text(WRITTEN, edge.proxies?.plain === true ? site(edge, '<VirtualHost *:80>', false) : plainSite(edge), '', site(edge));
