/** The path of a URL on whatever host: what a site of its own serves in its place. */
export const withoutHost = (url: string): string => url.replace(/^(https?:)?\/\/[^/]*/, '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NOT_IN_PATH = /[\x00-\x20\x7f"'<>{}|\\^`$;?#]/;

/**
 * A URL prefix the edge can serve: another host's stays as it is, a relative one becomes absolute, and the bare root or nothing gives way to `otherwise`.
 * What cannot stand in a path (a blank, a quote) was meant as something else, and gives way too.
 * Django before 3.1 leaves `static/` relative to whatever page it stands on.
 */
export function servedPath(url: string, otherwise: string): string {
  if (/^(https?:)?\/\//.test(url)) return url;
  const path = `/${url}/`.replace(/\/{2,}/g, '/');
  return path === '/' || NOT_IN_PATH.test(path) ? otherwise : path;
}
