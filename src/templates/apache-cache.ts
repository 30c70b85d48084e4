import type { ApacheEdge } from './apache-edge.js';
import { block, type Lines } from './apache-lines.js';
import { literalPattern, quoteApache, rewritePattern } from './apache-quote.js';
import { ANALYTICS_COOKIES, cacheSeconds } from './nginx-cache.js';

/** Modules of Debian's that it needs, beside those of every site. */
export const CACHE_MODULES: readonly string[] = ['cache', 'cache_disk'];

/** Where requests go inside Apache that may be answered from the cache. */
const PLACE = '/-/cached';

/** An answer that may not be kept: as `$slipway_personal` of nginx's. */
const PERSONAL = String.raw`resp('Set-Cookie') != '' || resp('Vary') =~ /(?:^|,)\s*(?:cookie|authorization|\*)\s*(?:,|$)/i`;

/**
 * The same rules as nginx's (`nginx-cache.ts`). mod_cache decides about a request by its URL alone, so who may take part is sent to a
 * place of their own inside (`apacheToCache`). It keeps what the headers allow, so an answer for one visitor is made to say so; of no other answer
 * is a header changed. Age tells that an answer is a kept one, and its X-Request-ID is that of the request it was made for.
 */
export const apacheCache = (edge: ApacheEdge): Lines =>
  edge.cache !== undefined && [
    'CacheQuickHandler Off',
    // mod_cache_socache keeps nothing whose length is not known beforehand, as that of a compressed page.
    `CacheRoot ${quoteApache(edge.cache.pages)}`,
    ['CacheDirLevels 2', 'CacheDirLength 1'],
    `CacheDefaultExpire ${cacheSeconds(edge.cache)}`,
    // Without a word of the app's on how long, the time is the default, not a guess by Last-Modified.
    ['CacheIgnoreNoLastMod On', 'CacheLastModifiedFactor 0'],
    // A visitor's reload is no reason to ask the app.
    'CacheIgnoreCacheControl On',
    // It is part of the place.
    'CacheIgnoreQueryString On',
    'CacheIgnoreHeaders Set-Cookie',
    'CacheStaleOnError Off',
    ['CacheLock On', `CacheLockPath ${quoteApache(edge.cache.locks)}`, 'CacheLockMaxAge 5'],
    block(`<Location "${PLACE}/">`, 'CacheEnable disk', `Header merge Cache-Control private "expr=${PERSONAL}"`),
  ];

/**
 * Rules, the last of all: a request that may take part goes to its place, by its whole address as the client sent it. What is sent there by a
 * client itself is nothing.
 */
export const apacheToCache = (edge: ApacheEdge): Lines => {
  if (edge.cache === undefined) return [];
  const { paths } = edge.cache;
  const others = [...[...edge.static, ...edge.media].map(({ url }) => literalPattern(url)), ...logins(edge)];
  return [
    `RewriteRule ${rewritePattern(`^${PLACE}/`)} - [R=404,END]`,
    `RewriteCond expr "req_novary('Authorization') == '' && req_novary('Upgrade') == '' && req_novary('Cookie') =~ m#^(?:${ANALYTICS_COOKIES})*$#"`,
    `RewriteCond %{THE_REQUEST} ${rewritePattern(String.raw`^(?:GET|HEAD) (?:https?://[^/?\s]*)?(/[^?\s]*)(?:\?([^?\s]*))? HTTP/`)}`,
    `RewriteRule ${rewritePattern(`^${others.length > 0 ? `(?!${others.join('|')})` : ''}(?:${paths.map(literalPattern).join('|')})`)} "${PLACE}%1 %2" [PT]`,
  ];
};

const logins = ({ loginPaths = [] }: ApacheEdge): string[] => loginPaths.map((path) => `${literalPattern(path)}$`);
