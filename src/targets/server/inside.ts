import { sockets } from './layout.js';
import type { ServerRelease } from './options.js';

/** `python/slipway_runtime/inside.py`: the path, its header, and the file with the word. */
export const INSIDE_PATH = '/-/slipway/inside';
export const INSIDE_HEADER = 'x-slipway-verify';
export const insideFile = ({ options, version }: ServerRelease): string =>
  sockets(options.layout)
    .drain(version)
    .replace(/\.drain$/, '.verify');

export interface InsideCheck {
  readonly name: string;
  /** What was seen instead; undefined where it is as it must be. */
  readonly problem: string | undefined;
}

/**
 * What Django itself made of a request that came through the edge with forged headers of a proxy.
 * @param told what `inside.py` answered, parsed @param client where the request came from
 */
export function insideChecks(told: unknown, { domain, client }: { domain: string; client: string }): InsideCheck[] {
  const of = (value: unknown): Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null ? { ...value } : {};
  const seen = of(told);
  const cookies = of(seen['cookies']);
  const check = (name: string, value: unknown, wanted: unknown): InsideCheck => ({
    name,
    problem: value === wanted ? undefined : `it is ${JSON.stringify(value) ?? 'not told'} instead of ${JSON.stringify(wanted)}`,
  });
  return [
    check('Django: request.is_secure()', seen['secure'], true),
    check('Django: request.get_host(), whatever a visitor forges', seen['host'], domain),
    check('Django: absolute addresses are those of the site', seen['url'], `https://${domain}/x`),
    check('Django: the address of the client, whatever a visitor forges', seen['client'], client),
    check('Django: a form of the site is accepted (CSRF)', seen['csrf'], 'accepted'),
    check('Django: the session cookie goes over HTTPS alone', cookies['session_secure'], true),
    check('Django: scripts cannot read the session cookie', cookies['session_httponly'], true),
    check('Django: the CSRF cookie goes over HTTPS alone', cookies['csrf_secure'], true),
  ];
}
