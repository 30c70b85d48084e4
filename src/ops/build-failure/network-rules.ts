import { program } from './native-rules.js';
import { type Rule, type Told, withoutLogin } from './told.js';

/** Python's own index and where its files are. */
const USUAL = /(^|\.)(pypi\.org|pythonhosted\.org)(:\d+)?$/;

/** An index that does not answer. @param name the distribution with its version, where one was asked for: `torch 2.13.0+cpu` */
export function unreachable(what: string, name = ''): Told {
  const [distribution = '', version = ''] = name.split(' ');
  const elsewhere = what.includes('.') && !USUAL.test(what) && /^\d/.test(version);
  const other = `${distribution}==${version.replace(/\+.*/, '')}`;
  return {
    code: 'INDEX_UNREACHABLE',
    kind: 'environment',
    message: `The package index does not answer: ${what}${elsewhere ? `, from where ${name} comes` : ''}`,
    hint: elsewhere
      ? `Check the network and the proxy (HTTPS_PROXY), or have it from your usual index, in slipway.yml:  python_packages: ["${other}"]`
      : 'Check the network, the proxy (HTTPS_PROXY) and the index (PIP_INDEX_URL, pip config list):  python3 -m pip download --no-deps pip',
  };
}

const host = (text: string): string => /https?:\/\/(?:[^@/\s]*@)?([\w.:-]+)/.exec(text)?.[1] ?? 'its address';

/** What is wrong between this machine and the places packages come from. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    pattern: /Git executable not found|Cannot find command 'git'/,
    tell: (_, name) => program(name, 'git'),
  },
  {
    pattern:
      /Git operation failed[\s\S]*?(?:fetch|clone)[^\n]*?'?((?:https?|ssh|git):\/\/[^\s'`]+)|git clone[^\n]*?((?:https?|ssh|git):\/\/[^\s'`]+)[^\n]*did not run/,
    tell: ([uv, pip]) => ({
      code: 'REPOSITORY_UNREACHABLE',
      kind: 'environment',
      missing: withoutLogin(uv ?? pip ?? ''),
      message: `The repository of a dependency cannot be read: ${withoutLogin(uv ?? pip ?? '')}`,
      hint: `git ls-remote ${withoutLogin(uv ?? pip ?? '')}`,
    }),
  },
  {
    pattern: /invalid peer certificate|CERTIFICATE_VERIFY_FAILED|certificate verify failed/,
    tell: () => ({
      code: 'CERTIFICATE_REFUSED',
      kind: 'environment',
      message: "The package index's certificate is not trusted on this machine",
      hint: 'Name the authority your network uses:  export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
    }),
  },
  {
    pattern:
      /(?:HTTP status client error|status code|HTTP error|Client Error)[^\n]*?(401|403|407)[^\n]*|(401|403|407) (?:Client )?Error[^\n]*/i,
    tell: ([uv, pip]) => ({
      code: 'INDEX_DENIED',
      kind: 'environment',
      message: `The package index refuses this machine (${uv ?? pip})`,
      hint: 'Give the login in ~/.netrc, in PIP_INDEX_URL or in UV_INDEX_<NAME>_USERNAME and _PASSWORD',
    }),
  },
  {
    pattern:
      /Failed to fetch: ([^\n]*)[\s\S]*?(?:dns error|tcp connect error|operation timed out|connection closed|client error|Connection re)/i,
    tell: ([address = ''], name) => unreachable(host(address), name),
  },
  {
    pattern:
      /(NewConnectionError|Temporary failure in name resolution|Name or service not known|Max retries exceeded|Read timed out|ConnectTimeoutError|ProxyError)[^\n]*/,
    tell: ([, ...rest]) => unreachable(host(rest.join(' '))),
  },
];
