import type { ApacheEdge } from './apache-edge.js';
import type { Lines } from './apache-lines.js';
import { literalPattern, quoteProgram, rewritePattern } from './apache-quote.js';

const COUNTER = 'slipway_logins';

/** A slash, as the app would read it from the address that is passed on as it came. */
const SLASH = '(?:/|%2[Ff])';

/**
 * nginx's limit (`nginx-app.ts`), of this site alone: attempts are counted by a program, which Apache asks of whoever it takes the client for. None of
 * Debian's modules does: mod_qos counts for all sites together, by the address of the connection, which may be a proxy's, and Debian 12's cannot be loaded.
 * Where there is no answer, nobody is kept out.
 * https://httpd.apache.org/docs/2.4/rewrite/rewritemap.html#prg
 */
export const apacheLogins = ({ loginPaths = [], loginCounter }: ApacheEdge): Lines =>
  loginPaths.length > 0 && [
    // Where Apache was started as root, the program is not root's.
    `RewriteMap ${COUNTER} ${quoteProgram('prg:', loginCounter)} www-data:www-data`,
    // Reading the form costs nothing.
    'RewriteCond %{REQUEST_METHOD} =POST',
    `RewriteCond "\${${COUNTER}:%{REMOTE_ADDR}}" =wait`,
    `RewriteRule ${rewritePattern(`^(?:${loginPaths.map((path) => literalPattern(path).replaceAll('/', SLASH)).join('|')})$`)} - [R=429,END]`,
  ];
