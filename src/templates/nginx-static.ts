import type { EdgeConfig, StaticTree } from './nginx-edge.js';
import { fileHeaders } from './nginx-headers.js';
import { block, type Lines, map } from './nginx-lines.js';
import { folder, place, urlPrefix } from './nginx-place.js';

/** Names that hold a hash of the content, by who makes them. A false match would be kept for a year, so each wants more than a word can have. */
export const HASHED: readonly string[] = [
  // Django's ManifestStaticFilesStorage: name.0123456789ab.css
  String.raw`\.[0-9a-f]{12}(?:\.[A-Za-z0-9]+)?$`,
  // webpack, Parcel: eight or more hexadecimal digits, letters and figures mixed
  String.raw`[.-](?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,64}(?:\.(?:chunk|bundle|min|module|async))?\.[a-z0-9]+(?:\.map|\.LICENSE\.txt)?$`,
  // Vite, Rollup: eight characters of base64url with capitals, small letters and figures
  String.raw`[.-](?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*[0-9])[\w-]{8}\.(?:[cm]?js|css|wasm|woff2?)(?:\.map)?$`,
  // esbuild: eight characters of base32, figures among them
  String.raw`[.-](?=[A-Z]*[2-7])(?=[2-7]*[A-Z])[A-Z2-7]{8}\.(?:[cm]?js|css|wasm|woff2?)(?:\.map)?$`,
];

/** Whether `coding` is in Accept-Encoding with a weight that is not zero: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
const accepts = (coding: string): string =>
  String.raw`"~*(?:^|,)\s*${coding}\s*(?:;\s*q\s*=\s*(?:1(?:\.0{0,3})?|0\.(?:[1-9]\d{0,2}|0[1-9]\d?|00[1-9]))\s*)?(?:,|$)"`.replaceAll(
    '\\',
    '\\\\',
  );

/** What browsers of today send, found by hash before any pattern is tried. */
const COMMON = ['"gzip, deflate, br"', '"gzip, deflate, br, zstd"'];

const regex = (text: string): string => `"${text.replaceAll('\\', '\\\\')}"`;

/** A file that was found is not logged: nobody can look its id up, and making one is a fifth of what the whole answer costs. */
const failedId = (): Lines =>
  map('$slipway_failed', '$slipway_failed_id', [
    ['1', '$request_id'],
    ['default', '""'],
  ]);

/** Which tree to look into first and second, what the file found is encoded with, and how long it may be kept. */
export const staticMaps = (): Lines => [
  failedId(),
  map('$http_accept_encoding', '$slipway_first', [
    ...COMMON.map((value) => [value, 'br'] as const),
    [accepts('br'), 'br'],
    [accepts('gzip'), 'gz'],
    ['default', 'plain'],
  ]),
  map('$http_accept_encoding', '$slipway_second', [
    ...COMMON.map((value) => [value, 'gz'] as const),
    [accepts('gzip'), 'gz'],
    ['default', 'plain'],
  ]),
  // Read after try_files has put the tree's name in front of $uri.
  map('$uri', '$slipway_encoding', [
    ['"~^/br/"', 'br'],
    ['"~^/gz/"', 'gzip'],
    ['default', '""'],
  ]),
  map('$uri', '$slipway_freshness', [
    ...HASHED.map((pattern) => [regex(`~${pattern}`), '"public, max-age=31536000, immutable"'] as const),
    ['default', '"public, max-age=60"'],
  ]),
];

/** `types { … }` */
export const types = (all: Readonly<Record<string, string>>): Lines =>
  block('types', ...Object.entries(all).map(([type, extensions]) => `${type} ${extensions};`));

/** Names that begin with a dot are never meant to be served, but for the one that RFC 8615 gives to everyone. */
export const noDotFiles = (): Lines => block(String.raw`location ~ "/\\.(?!well-known/)"`, 'return 404;');

/** For one second at most: a file of the release before must not outlive the switch for longer. What is missing is looked for each time. */
export const OPEN_FILES: Lines = ['open_file_cache max=2000 inactive=20s;', 'open_file_cache_valid 1s;'];

const files = (edge: EdgeConfig, root: string, last: string): Lines => [
  `root ${folder(root)};`,
  'charset utf-8;',
  // These trees hold what is worth compressing already.
  'gzip off;',
  `access_log ${place(edge, `${edge.logs}/access.log`)} slipway if=$slipway_failed;`,
  fileHeaders(edge, '$slipway_failed_id'),
  'add_header Cache-Control $slipway_freshness;',
  'add_header Content-Encoding $slipway_encoding;',
  'add_header Vary Accept-Encoding;',
  OPEN_FILES,
  `try_files /$slipway_first$uri /$slipway_second$uri /plain$uri ${last};`,
];

/** One static prefix: the live release's files, then those kept of earlier ones. */
export function staticLocations(edge: EdgeConfig, tree: StaticTree, index: number): Lines {
  const kept = `@slipway_kept_${index}`;
  return [
    block(
      `location ^~ ${urlPrefix(tree.url, 'STATIC_URL')}`,
      noDotFiles(),
      files(edge, tree.current, tree.kept === undefined ? '=404' : kept),
    ),
    tree.kept !== undefined && block(`location ${kept}`, files(edge, tree.kept, '=404')),
  ];
}
