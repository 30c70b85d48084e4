import type { ApacheEdge } from './apache-edge.js';
import { apacheFileHeaders } from './apache-headers.js';
import { block, type Lines } from './apache-lines.js';
import { pattern, quoteApache, rewritePattern } from './apache-quote.js';
import { ACTIVE_NAMES, MEDIA_POLICY, PDF_POLICY } from './nginx-media.js';
import { matchLiterally } from './nginx-quote.js';
import { HASHED } from './nginx-static.js';
import { MEDIA_TYPES, STATIC_TYPES, TEXT_TYPES } from './nginx-types.js';

/** Whether a coding is in Accept-Encoding with a weight that is not zero. */
const accepts = (coding: string): string =>
  String.raw`(?:^|,)\s*${coding}\s*(?:;\s*q\s*=\s*(?:1(?:\.0{0,3})?|0\.(?:[1-9]\d{0,2}|0[1-9]\d?|00[1-9]))\s*)?(?:,|$)`;

const CODINGS = [
  { folder: 'br', coding: 'br' },
  { folder: 'gz', coding: 'gzip' },
  { folder: 'plain', coding: undefined },
] as const;

/** Regular expression of everything below a URL. */
export const below = (url: string): string => `^${matchLiterally(url)}`;

/** The live release's files in the best coding, then those kept of earlier ones: the first that is there. */
export const apacheStaticRules = (edge: ApacheEdge): Lines =>
  edge.static.map(({ url, current, kept }) =>
    [current, ...(kept === undefined ? [] : [kept])].map((root) =>
      CODINGS.map(({ folder, coding }) => [
        coding !== undefined && `RewriteCond %{HTTP:Accept-Encoding} ${rewritePattern(accepts(coding))} [NC]`,
        `RewriteCond ${file(`${root}/${folder}`)} -f`,
        `RewriteRule ${rewritePattern(below(url))} ${file(`${root}/${folder}`)} [END${coding === undefined ? '' : `,E=slipway_${folder}:1`},E=no-gzip:1]`,
      ]),
    ),
  );

/** The request's path below a folder. */
const file = (root: string): string => quoteApache(root).replace(/"$/, '%{REQUEST_URI}"');

/** A type for each extension: whatever else Apache is told of them elsewhere, and a download for what has none. */
const types = (all: Readonly<Record<string, string>>): Lines => [
  'ForceType application/octet-stream',
  'RemoveEncoding .gz .tgz .Z .bz2 .xz .br',
  ...Object.entries(all).map(([type, extensions]) => {
    const charset = TEXT_TYPES.includes(type) || type === 'text/html' ? '; charset=utf-8' : '';
    return block(
      `<FilesMatch ${pattern(String.raw`(?i)\.(?:${extensions.replaceAll(' ', '|')})$`)}>`,
      `ForceType "${type}${charset}"`,
    );
  }),
];

/** Folders below `live` are reached through links, which are root's. */
export const apacheStaticFolders = (edge: ApacheEdge): Lines =>
  edge.static
    .flatMap(({ current, kept }) => [current, ...(kept === undefined ? [] : [kept])])
    .map((root) =>
      block(
        `<Directory ${quoteApache(root)}>`,
        'Options FollowSymLinks',
        'AllowOverride None',
        'Require all granted',
        types(STATIC_TYPES),
        apacheFileHeaders,
        'Header set Cache-Control "public, max-age=60"',
        HASHED.map((name) =>
          block(`<FilesMatch ${pattern(name)}>`, 'Header set Cache-Control "public, max-age=31536000, immutable"'),
        ),
        'Header set Content-Encoding "br" env=slipway_br',
        'Header set Content-Encoding "gzip" env=slipway_gz',
        'Header merge Vary "Accept-Encoding"',
      ),
    );

/** Files that visitors uploaded: shown where that is harmless, else handed over as a download; never run, never through a symlink. */
export const apacheMedia = (edge: ApacheEdge): Lines =>
  edge.media.map(({ url, root }) => [
    `Alias ${quoteApache(url)} ${quoteApache(`${root.replace(/\/+$/, '')}/`)}`,
    block(
      `<Directory ${quoteApache(root.replace(/\/+$/, ''))}>`,
      'Options None',
      'AllowOverride None',
      'Require all granted',
      types(MEDIA_TYPES),
      apacheFileHeaders,
      'Header set Cache-Control "public, max-age=60"',
      `Header always set Content-Security-Policy ${MEDIA_POLICY}`,
      block(`<FilesMatch ${pattern(String.raw`(?i)\.pdf$`)}>`, `Header always set Content-Security-Policy ${PDF_POLICY}`),
      block(`<FilesMatch ${pattern(`(?i)${ACTIVE_NAMES}`)}>`, 'Header set Content-Disposition "attachment"'),
    ),
  ]);

/** Comes after every other section, so that no handler of the machine's (PHP, CGI, SSI) runs a file. */
export const apacheNeverRun = (edge: ApacheEdge): Lines =>
  [...edge.static, ...edge.media].map(({ url }) => block(`<Location ${quoteApache(url)}>`, 'SetHandler default-handler'));
