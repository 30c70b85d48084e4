import { quoteApache } from './apache-quote.js';
import type { Lines } from './nginx-lines.js';

/** What JSON holds as it is. Apache writes any other character with escapes that JSON does not have, so the value ends before it. */
const PLAIN = String.raw`[\x20\x21\x23-\x5b\x5d-\x7e]`;
/** The path as the client sent it, before the question mark: query strings hold reset tokens, signed links and search terms. */
const PATH = String.raw`^\S+ (?:https?://[^/?\s]*)?(/[\x21\x23-\x3e\x40-\x5b\x5d-\x7e]*)`;
const REFERER = String.raw`^([\x20\x21\x23-\x3e\x40-\x5b\x5d-\x7e]*)`;

const FIELDS: readonly (readonly [string, string])[] = [
  ['time', '"%{%Y-%m-%dT%H:%M:%S%z}t"'],
  ['epoch', '%{sec}t.%{msec_frac}t'],
  ['request_id', '"%{UNIQUE_ID}e"'],
  ['remote', '"%a"'],
  ['method', '"%m"'],
  ['scheme', '"%{REQUEST_SCHEME}e"'],
  ['host', '"%{slipway_host}e"'],
  ['path', '"%{slipway_path}e"'],
  ['protocol', '"%H"'],
  ['status', '%>s'],
  ['bytes', '%B'],
  // Microseconds, as a number of seconds.
  ['seconds', '%De-6'],
  // `cache hit`, or a dash.
  ['cache', '"%{cache-hit}e"'],
  ['release', '"%{slipway_release}n"'],
  ['referer', '"%{slipway_referer}e"'],
  ['agent', '"%{slipway_agent}e"'],
];

/** The same fields as nginx's log has, but for what Apache does not know of the app's side. */
export const apacheLogFormat = (): Lines =>
  `LogFormat "{${FIELDS.map(([name, value]) => `"${name}":${value}`)
    .join(',')
    .replaceAll('"', '\\"')}}" slipway`;

/** In each site: the values, and where they go. A static file that was found is not logged. */
export const apacheAccessLog = (folder: string, quiet: readonly string[]): Lines => [
  `SetEnvIf Host "^([A-Za-z0-9.:_\\[\\]-]*)" slipway_host=$1`,
  `SetEnvIf User-Agent "^(${PLAIN}*)" slipway_agent=$1`,
  `SetEnvIf Referer "${REFERER}" slipway_referer=$1`,
  `SetEnvIfExpr "%{THE_REQUEST} =~ m#${PATH}#" slipway_path=$1`,
  'SetEnvIfExpr "%{REQUEST_SCHEME} =~ /(.*)/" REQUEST_SCHEME=$1',
  `CustomLog ${quoteApache(`${folder}/access.log`)} slipway "expr=%{REQUEST_STATUS} -ge 400${quiet.map((url) => ` || ! (%{REQUEST_URI} =~ m#^${url}#)`).join('') || ' || true'}"`,
  `ErrorLog ${quoteApache(`${folder}/error.log`)}`,
  // A request's error lines hold where it came from, query string and all: only what is worse is written.
  'LogLevel crit',
];
