/** The path of a URL on whatever host: what a site of its own serves in its place. */
export const withoutHost = (url: string): string => url.replace(/^(https?:)?\/\/[^/]*/, '');

/**
 * A URL prefix the edge can serve: another host's stays as it is, a relative one becomes absolute, and the bare root or nothing gives way to `otherwise`.
 * Django before 3.1 leaves `static/` relative to whatever page it stands on.
 */
export function servedPath(url: string, otherwise: string): string {
  if (/^(https?:)?\/\//.test(url)) return url;
  const path = `/${url}/`.replace(/\/{2,}/g, '/');
  return path === '/' ? otherwise : path;
}
