import { type Lines, map } from './nginx-lines.js';

const FIELDS: readonly (readonly [string, string])[] = [
  ['time', '"$time_iso8601"'],
  ['epoch', '$msec'],
  ['request_id', '"$request_id"'],
  ['remote', '"$remote_addr"'],
  ['method', '"$request_method"'],
  ['scheme', '"$scheme"'],
  ['host', '"$host"'],
  ['path', '"$slipway_path"'],
  ['protocol', '"$server_protocol"'],
  ['status', '$status'],
  ['bytes', '$body_bytes_sent'],
  ['seconds', '$request_time'],
  ['upstream_seconds', '"$upstream_response_time"'],
  ['upstream_status', '"$upstream_status"'],
  ['release', '"$upstream_http_x_slipway_release"'],
  ['cache', '"$upstream_cache_status"'],
  ['referer', '"$slipway_referer"'],
  ['agent', '"$http_user_agent"'],
];

/**
 * The JSON access log. Query strings hold reset tokens, signed links and search terms: neither the request's nor the referring page's
 * is written.
 */
export const logFormat = (): Lines => [
  map('$request_uri', '$slipway_path', [
    ['"~^(?<slipway_path_only>[^?#]*)"', '$slipway_path_only'],
    ['default', '""'],
  ]),
  map('$http_referer', '$slipway_referer', [
    ['"~^(?<slipway_referer_only>[^?#]*)"', '$slipway_referer_only'],
    ['default', '""'],
  ]),
  map('$status', '$slipway_failed', [
    ['"~^[45]"', '1'],
    ['default', '0'],
  ]),
  `log_format slipway escape=json '{${FIELDS.map(([name, value]) => `"${name}":${value}`).join(',')}}';`,
];
