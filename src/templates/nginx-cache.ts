import { Failure } from '../core/failure.js';
import { type EdgeConfig, ownName } from './nginx-edge.js';
import { type Lines, map } from './nginx-lines.js';
import { place } from './nginx-place.js';
import { matchLiterally, quoteNginx } from './nginx-quote.js';

/** Cookies that only scripts in the browser read. Any other (session, CSRF, language, a shop's basket) may change the page. */
export const ANALYTICS_COOKIES = String.raw`\s*(?:_ga\w*|_gid|_gat\w*|_gcl_\w+|_fbp|_fbc|_pk_\w+[.\w]*|_hj\w+|__utm\w|_clck|_clsk)=[^;]*(?:;|$)`;
const ANALYTICS = `"~^(?:${ANALYTICS_COOKIES.replaceAll('\\', '\\\\')})+$"`;

/** How long a page is kept of which the app does not say so. @throws Failure EDGE_CONFIG */
export function cacheSeconds({ seconds }: NonNullable<EdgeConfig['cache']>): number {
  if (Number.isInteger(seconds) && seconds >= 1) return seconds;
  throw new Failure('EDGE_CONFIG', 'config', `web.cache.seconds is ${seconds}: it must be a whole number of seconds, 1 or more`, {
    hint: 'web: {cache: {seconds: 1, paths: [/]}}',
  });
}

/**
 * `$slipway_cache` is the cache's zone, or `off` for a request that may not take part: another path, credentials, a cookie that matters.
 * `$slipway_personal` is set by an answer that may not be stored. nginx itself heeds Cache-Control, Expires, Vary and Set-Cookie.
 */
export function cacheMaps(edge: EdgeConfig): Lines {
  if (edge.cache === undefined) return [];
  const { paths } = edge.cache;
  const zone = ownName(edge, 'pages');
  const own = (what: string): string => `$${ownName(edge, what)}`;
  return [
    `proxy_cache_path ${place(edge, `${edge.temp}/cache`)} levels=1:2 keys_zone=${zone}:10m max_size=256m inactive=10m use_temp_path=off;`,
    map('$uri', own('cache_path'), [
      ...paths.map((path) => [quoteNginx(`~^${matchLiterally(path)}`), zone] as const),
      ['default', 'off'],
    ]),
    map('$http_authorization', own('cache_anonymous'), [
      ['""', own('cache_path')],
      ['default', 'off'],
    ]),
    map('$http_cookie', own('cache'), [
      ['""', own('cache_anonymous')],
      [ANALYTICS, own('cache_anonymous')],
      ['default', 'off'],
    ]),
    map('$upstream_http_vary', own('personal'), [
      ['"~*(?:^|,)\\\\s*(?:cookie|authorization|\\\\*)\\\\s*(?:,|$)"', '1'],
      ['default', '""'],
    ]),
  ];
}

/** In the location that is cached. No background update: the first visitor after the time is over gets a new page, not an old one. */
export const caching = (edge: EdgeConfig): Lines =>
  edge.cache !== undefined && [
    `proxy_cache $${ownName(edge, 'cache')};`,
    'proxy_cache_key "$scheme://$host$slipway_port$request_uri";',
    `proxy_cache_valid 200 ${cacheSeconds(edge.cache)}s;`,
    `proxy_no_cache $${ownName(edge, 'personal')} $upstream_http_set_cookie;`,
    'proxy_cache_lock on;',
    'proxy_cache_lock_timeout 5s;',
    'proxy_cache_use_stale updating;',
  ];
