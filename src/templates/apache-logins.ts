import type { ApacheEdge } from './apache-edge.js';
import { block, type Lines } from './apache-lines.js';
import { literalPattern, pattern } from './apache-quote.js';

/** What it needs, beside the modules of every site: https://mod-qos.sourceforge.net */
export const LOGIN_MODULES: readonly string[] = ['qos'];

const EVENT = 'slipway_login';

type Limited = Pick<ApacheEdge, 'apache' | 'loginPaths'>;

export const limitsLogins = ({ apache, loginPaths = [] }: Limited): boolean => apache.limits === true && loginPaths.length > 0;

/** As nginx's limit: twenty attempts a minute from one address, ten of them at once. Counted for all sites together: there is no other way. */
export const apacheLoginLimit: Lines = block('<IfModule qos_module>', `QS_ClientEventLimitCount 10 30 ${EVENT}`);

/** What counts as an attempt. Reading the form costs nothing. */
export const apacheLogins = (edge: Limited): Lines =>
  limitsLogins(edge) && [
    `SetEnvIfExpr ${pattern(`%{REQUEST_METHOD} == 'POST' && %{REQUEST_URI} =~ m#^(?:${(edge.loginPaths ?? []).map(literalPattern).join('|')})$#`)} ${EVENT}=1`,
    'QS_ErrorResponseCode 429',
  ];
