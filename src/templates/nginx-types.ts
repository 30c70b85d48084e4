/** MIME types by extension. Our own list, so that every nginx, with or without a `mime.types` beside it, serves the same. */
const ASSETS: Readonly<Record<string, string>> = {
  'text/html': 'html htm',
  'text/css': 'css',
  'text/javascript': 'js mjs cjs',
  'text/plain': 'txt md',
  'text/csv': 'csv',
  'text/vtt': 'vtt',
  'text/calendar': 'ics',
  'text/x-component': 'htc',
  'application/json': 'json map',
  'application/ld+json': 'jsonld',
  'application/geo+json': 'geojson',
  'application/manifest+json': 'webmanifest',
  'application/xml': 'xml xsl',
  'application/rss+xml': 'rss',
  'application/atom+xml': 'atom',
  'application/wasm': 'wasm',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/gzip': 'tgz',
  'image/svg+xml': 'svg',
};

const PICTURES: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg jpeg jpe jfif',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/heic': 'heic',
  'image/bmp': 'bmp',
  'image/tiff': 'tif tiff',
  'image/x-icon': 'ico cur',
};

const SOUND_AND_FILM: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg oga opus',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/webm': 'weba',
  'video/mp4': 'mp4 m4v',
  'video/webm': 'webm',
  'video/ogg': 'ogv',
  'video/quicktime': 'mov',
};

const FONTS: Readonly<Record<string, string>> = {
  'font/woff': 'woff',
  'font/woff2': 'woff2',
  'font/ttf': 'ttf',
  'font/otf': 'otf',
  'font/collection': 'ttc',
  'application/vnd.ms-fontobject': 'eot',
};

/** For files the project ships. */
export const STATIC_TYPES: Readonly<Record<string, string>> = { ...ASSETS, ...PICTURES, ...SOUND_AND_FILM, ...FONTS };

/** For files that visitors upload: only what a browser shows without running anything. SVG stays a picture, or `<img>` would not show it. */
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ...PICTURES,
  ...SOUND_AND_FILM,
  ...FONTS,
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/json': 'json',
  'text/plain': 'txt',
  'text/csv': 'csv',
  'text/vtt': 'vtt',
};

/** What is text and gets `; charset=utf-8`. */
export const TEXT_TYPES = [
  'text/css',
  'text/javascript',
  'text/plain',
  'text/csv',
  'text/vtt',
  'application/json',
  'application/xml',
  'image/svg+xml',
];

/** What is worth compressing on the way out. text/html always is. */
export const COMPRESSED_TYPES = [
  'text/css',
  'text/plain',
  'text/csv',
  'text/xml',
  'text/javascript',
  'application/javascript',
  'application/json',
  'application/ld+json',
  'application/geo+json',
  'application/manifest+json',
  'application/problem+json',
  'application/xml',
  'application/xhtml+xml',
  'application/rss+xml',
  'application/atom+xml',
  'image/svg+xml',
];
