import type { ApacheEdge } from './apache-edge.js';
import { block, type Lines } from './apache-lines.js';
import { literalPattern, pattern } from './apache-quote.js';

/** What it needs, beside the modules of every site: https://mod-qos.sourceforge.net */
export const LOGIN_MODULES: readonly string[] = ['qos'];

const EVENT = 'slipway_login';

type Limited = Pick<ApacheEdge, 'apache' | 'loginPaths' | 'proxies'>;

/** mod_qos knows the address that a connection comes from, and no other: behind a proxy all visitors would share one limit. */
export const limitsLogins = ({ apache, loginPaths = [], proxies }: Limited): boolean =>
  apache.limits === true && loginPaths.length > 0 && proxies === undefined;

/**
 * Nearly nginx's limit: ten attempts in half a minute from one address. There is no way to say it for one site alone. It is the conditional
 * rule, since the other one then refuses the address everything.
 */
export const apacheLoginLimit: Lines = block(
  '<IfModule qos_module>',
  `QS_CondClientEventLimitCount 11 30 ${EVENT} "^${EVENT}$"`,
  'QS_ErrorResponseCode 429',
);

/** What counts as an attempt. Reading the form costs nothing. */
export const apacheLogins = (edge: Limited): Lines =>
  limitsLogins(edge) &&
  `SetEnvIfExpr ${pattern(`%{REQUEST_METHOD} == 'POST' && %{REQUEST_URI} =~ m#^(?:${(edge.loginPaths ?? []).map(literalPattern).join('|')})$#`)} ${EVENT}=1 QS_Cond=${EVENT}`;
