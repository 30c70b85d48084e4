import { Failure } from '../core/failure.js';

export interface StunnelArgs {
  readonly side: 'server' | 'client';
  /** `ADDRESS:PORT`, an IPv6 address in brackets. */
  readonly accept: string;
  readonly connect: string;
  /** Path of the file with the name and the key that both ends have. */
  readonly secret: string;
}

/** Both ends show that they have the same key: there is no certificate to bring or to run out. https://www.stunnel.org/static/stunnel.html */
export const stunnelConf = ({ side, accept, connect, secret }: StunnelArgs): string =>
  [
    'foreground = yes',
    'pid =',
    'syslog = no',
    '[tunnel]',
    `client = ${side === 'client' ? 'yes' : 'no'}`,
    `accept = ${stunnelWord(accept)}`,
    `connect = ${stunnelWord(connect)}`,
    `PSKsecrets = ${stunnelWord(secret)}`,
    'ciphers = PSK',
    'sslVersionMin = TLSv1.2',
    'debug = warning',
    // What waits for a task says nothing for long.
    'TIMEOUTidle = 2592000',
    'socket = l:TCP_NODELAY=1',
    'socket = r:TCP_NODELAY=1',
    'socket = r:SO_KEEPALIVE=1',
    'socket = l:SO_KEEPALIVE=1',
    '',
  ].join('\n');

/** Values go to the end of their line, without quotes: what could end it, or be a comment, has no way to be written. @throws Failure UNSAFE_VALUE */
function stunnelWord(text: string): string {
  if (/^[\w./:[\]@-]+$/.test(text)) return text;
  throw new Failure('UNSAFE_VALUE', 'bug', `${JSON.stringify(text)} cannot stand in stunnel's configuration`);
}
