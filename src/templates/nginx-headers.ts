import { type EdgeConfig, ownName, type SecurityHeader } from './nginx-edge.js';
import { type Lines, map } from './nginx-lines.js';
import { http3Header } from './nginx-tls.js';
import { clientScheme } from './nginx-trusted.js';

const variable = (edge: EdgeConfig, name: string): string =>
  `$${ownName(edge, `own_${name.toLowerCase().replaceAll('-', '_')}`)}`;

/** The variable with the value of Strict-Transport-Security, empty over plain HTTP. */
export const hsts = (edge: EdgeConfig): string => `$${ownName(edge, 'hsts')}`;

/** Header and value, as Django sends them by default. */
function values(edge: EdgeConfig, frames: 'DENY' | 'SAMEORIGIN'): readonly (readonly [SecurityHeader, string])[] {
  const always: readonly (readonly [SecurityHeader, string])[] = [
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'same-origin'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['X-Frame-Options', frames],
  ];
  return edge.hstsSeconds > 0 ? [['Strict-Transport-Security', hsts(edge)], ...always] : always;
}

/** Maps behind the headers that the app owns: set only where the edge itself answers, which is where no upstream and no cache was asked. */
export const headerMaps = (edge: EdgeConfig): Lines => [
  // RFC 6797, 7.2: never over plain HTTP.
  edge.hstsSeconds > 0 &&
    map(clientScheme(edge), hsts(edge), [
      ['https', `"max-age=${edge.hstsSeconds}${edge.hstsReach ?? ''}"`],
      ['default', '""'],
    ]),
  map('"$upstream_status$upstream_cache_status"', `$${ownName(edge, 'edge_answers')}`, [
    ['""', '1'],
    ['default', '""'],
  ]),
  values(edge, 'DENY')
    .filter(([name]) => edge.headers[name] === 'app')
    .map(([name, value]) =>
      map(`$${ownName(edge, 'edge_answers')}`, variable(edge, name), [
        ['1', `"${value}"`],
        ['default', '""'],
      ]),
    ),
];

/** At the server's level, inherited by every location that adds no header of its own: each header once, whoever answers. */
export const pageHeaders = (edge: EdgeConfig): Lines => [
  http3Header(edge),
  'proxy_hide_header X-Slipway-Release;',
  'proxy_hide_header X-Request-ID;',
  'add_header X-Request-ID $request_id always;',
  values(edge, 'DENY').map(([name, value]) =>
    edge.headers[name] === 'edge'
      ? [`proxy_hide_header ${name};`, `add_header ${name} "${value}" always;`]
      : `add_header ${name} ${variable(edge, name)} always;`,
  ),
];

/**
 * For locations that answer with files: `add_header` there drops all that were inherited, so they are said again. Frames of the same origin
 * may show files.
 * @param id the variable that holds the request's id; where it is empty there is no such header
 */
export const fileHeaders = (edge: EdgeConfig, id = '$request_id'): Lines => [
  http3Header(edge),
  `add_header X-Request-ID ${id} always;`,
  values(edge, 'SAMEORIGIN').map(([name, value]) => `add_header ${name} "${value}" always;`),
];
