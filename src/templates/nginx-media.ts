import type { EdgeConfig } from './nginx-edge.js';
import { fileHeaders } from './nginx-headers.js';
import { block, type Lines, map } from './nginx-lines.js';
import { urlPrefix } from './nginx-place.js';
import { quoteNginx } from './nginx-quote.js';
import { noDotFiles, OPEN_FILES, types } from './nginx-static.js';
import { MEDIA_TYPES } from './nginx-types.js';

/** What a browser would run, or read as a document that can run something. */
export const ACTIVE_NAMES = String.raw`\.(?:[sx]?html?|xht|svgz?|xml|xslt?|rdf|[cm]?js|jsx|mhtml?|hta|swf|wasm|webmanifest|appcache|htc)$`;

export const MEDIA_POLICY = `"sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'"`;

/** Chromium's PDF viewer does not start inside `sandbox` (https://crbug.com/40283190); a PDF cannot script its origin. */
export const PDF_POLICY = `"default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"`;

export const mediaMaps = (): Lines => [
  map('$uri', '$slipway_disposition', [
    [`"~*${ACTIVE_NAMES.replaceAll('\\', '\\\\')}"`, 'attachment'],
    ['default', '""'],
  ]),
  map('$uri', '$slipway_policy', [
    [String.raw`"~*\\.pdf$"`, PDF_POLICY],
    ['default', MEDIA_POLICY],
  ]),
];

/** Files that visitors uploaded: shown where that is harmless, else handed over as a download; never run, never through a symlink. */
export const mediaLocation = (edge: EdgeConfig, media: EdgeConfig['media'][number]): Lines =>
  block(
    `location ^~ ${urlPrefix(media.url, 'MEDIA_URL')}`,
    noDotFiles(),
    `alias ${quoteNginx(`${media.root.replace(/\/+$/, '')}/`, 'value')};`,
    `disable_symlinks on ${quoteNginx(`from=${media.root.replace(/\/+$/, '')}`, 'value')};`,
    types(MEDIA_TYPES),
    'charset utf-8;',
    'gzip off;',
    fileHeaders(edge),
    'add_header Cache-Control "public, max-age=60";',
    'add_header Content-Security-Policy $slipway_policy always;',
    'add_header Content-Disposition $slipway_disposition;',
    OPEN_FILES,
    'try_files $uri =404;',
  );
