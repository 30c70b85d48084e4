import { Failure } from '../core/failure.js';
import { type EdgeConfig, ownName } from './nginx-edge.js';
import { block, type Lines, map } from './nginx-lines.js';

/** An address or a network, as nginx and Apache both read it. @throws Failure EDGE_CONFIG for what is neither */
export function network(text: string): string {
  if (/^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/.test(text)) return text;
  throw new Failure('EDGE_CONFIG', 'config', `${JSON.stringify(text)} is no address or network of a proxy`, {
    hint: 'trusted_proxies: [203.0.113.0/24]',
  });
}

const isPlain = (edge: EdgeConfig): boolean => edge.proxies?.plain === true;
const trusted = (edge: EdgeConfig): string => `$${ownName(edge, 'trusted')}`;

/** The variable that says what the client spoke: `https`, or `http`. */
export const clientScheme = (edge: EdgeConfig): string => (isPlain(edge) ? `$${ownName(edge, 'scheme')}` : '$scheme');

/** Who a connection comes from, whatever it says, and what the client spoke. */
export const trustMaps = (edge: EdgeConfig): Lines =>
  edge.proxies?.plain === true && [
    block(`geo $realip_remote_addr ${trusted(edge)}`, 'default 0;', ...edge.proxies.trusted.map((one) => `${network(one)} 1;`)),
    map(`"${trusted(edge)}$http_x_forwarded_proto"`, clientScheme(edge), [
      ['"~*^1https$"', 'https'],
      ['default', '$scheme'],
    ]),
  ];

/** The client is who the last proxy that is not trusted came from. http://nginx.org/en/docs/http/ngx_http_realip_module.html */
export const realClient = (edge: EdgeConfig): Lines =>
  edge.proxies !== undefined && [
    edge.proxies.trusted.map((one) => `set_real_ip_from ${network(one)};`),
    'real_ip_header X-Forwarded-For;',
    'real_ip_recursive on;',
  ];

/** Where TLS ends before the edge: nobody else is served, and whoever came without it is sent to it. */
export const beforeUs = (edge: EdgeConfig): Lines =>
  isPlain(edge) && [
    block(`if (${trusted(edge)} = 0)`, 'return 403;'),
    block(`if (${clientScheme(edge)} = http)`, 'return 308 https://$host$request_uri;'),
  ];
