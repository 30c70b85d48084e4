import { isHeld, settingValue, textsOf, whereIs } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { djangoRule } from './django-checks.js';

export const hostRules: readonly Rule[] = [
  djangoRule({
    id: 'hosts.none',
    checks: ['security.W020'],
    severity: 'warning',
    title: 'ALLOWED_HOSTS is empty',
    settings: ['ALLOWED_HOSTS'],
    hint: 'ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")',
    page: {
      what: 'The app knows none of its names. With DEBUG off it then answers no request at all.',
      risk: 'Every visitor gets "Bad Request (400)". The usual hurried mend, `["*"]`, is worse.',
      mend: 'Name the domains it is reached by.',
    },
  }),
  {
    id: 'hosts.any',
    severity: 'warning',
    title: 'ALLOWED_HOSTS takes every name',
    page: {
      what: '`"*"` in ALLOWED_HOSTS turns the check of the Host header off. Django’s own checks say nothing about it.',
      risk: 'A visitor makes up the host: links in mails for resetting a password lead to his server, with the token in them; caches keep pages with his addresses for everyone.',
      mend: 'Name the domains. Health checks by address are better answered by the front server.',
      slipway: 'Holds it at the names of the environment, and the edge answers no other.',
    },
    find: (evidence) =>
      textsOf(evidence, 'ALLOWED_HOSTS').includes('*')
        ? [
            hit(
              evidence,
              'ALLOWED_HOSTS',
              'ALLOWED_HOSTS is ["*"]: any Host header is believed',
              'ALLOWED_HOSTS = ["shop.example"]',
            ),
          ]
        : [],
  },
  {
    id: 'hosts.malformed',
    severity: 'warning',
    title: 'An entry of ALLOWED_HOSTS can match no host',
    page: {
      what: 'An entry has a scheme, a path or a port. Django compares host names alone, so that it never matches.',
      risk: 'Visitors of that name get "Bad Request (400)", or somebody adds `"*"` to make it work.',
      mend: 'Write the host name alone: `shop.example`, or `.shop.example` for all names below it too.',
      slipway: 'Holds it at the names of the environment.',
    },
    find: (evidence) =>
      textsOf(evidence, 'ALLOWED_HOSTS')
        .filter((entry) => /\/|[^:\]]:\d+$/.test(entry))
        .map((entry) => {
          const name = entry.replace(/^\w+:\/\//, '').replace(/[/:].*$/, '');
          return hit(
            evidence,
            'ALLOWED_HOSTS',
            `ALLOWED_HOSTS has ${JSON.stringify(entry)}, which matches no host`,
            JSON.stringify(name),
          );
        }),
  },
  {
    id: 'hosts.foreign',
    severity: 'warning',
    title: 'ALLOWED_HOSTS names other hosts than the app answers to',
    page: {
      what: 'The environment has domains in `slipway.yml`, and `ALLOWED_HOSTS` lets none of the requests for one of them through.',
      risk: 'Every visitor of that name gets "Bad Request (400)".',
      mend: 'Name the domains, or take the list from the environment: `ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")`.',
      slipway: 'Holds it at the names of the environment.',
    },
    find: foreignHosts,
  },
  {
    id: 'hosts.csrf-any',
    severity: 'error',
    title: 'CSRF_TRUSTED_ORIGINS trusts every site',
    page: {
      what: 'A wildcard for whole schemes or top-level domains stands in CSRF_TRUSTED_ORIGINS.',
      risk: 'Forms from any site are taken as your own: the protection against cross-site requests is off.',
      mend: 'Name the origins, with scheme. Behind a proxy that passes the host on, the list is mostly not needed at all.',
    },
    find: (evidence) =>
      textsOf(evidence, 'CSRF_TRUSTED_ORIGINS')
        .filter((origin) => /^(https?:\/\/)?\*(\.\w+)?$/.test(origin))
        .map((origin) => ({
          ...hit(
            evidence,
            'CSRF_TRUSTED_ORIGINS',
            `CSRF_TRUSTED_ORIGINS has ${JSON.stringify(origin)}`,
            'name the origins: ["https://shop.example"]',
          ),
          handled: false,
        })),
  },
  {
    id: 'hosts.csrf-plain',
    severity: 'info',
    title: 'CSRF_TRUSTED_ORIGINS trusts a page without HTTPS',
    page: {
      what: 'An origin with `http://` that is not this machine stands in CSRF_TRUSTED_ORIGINS.',
      risk: 'Whoever stands in the way of that plain page can send forms to your app.',
      mend: 'Write it with `https://`.',
    },
    find: (evidence) =>
      textsOf(evidence, 'CSRF_TRUSTED_ORIGINS')
        .filter(
          (origin) =>
            origin.startsWith('http://') &&
            !/^http:\/\/(localhost|127\.|0\.0\.0\.0|\[::1\]|[^./:]+(:\d+)?$|[\w.-]+\.(local|test|localhost)\b)/.test(origin),
        )
        .map((origin) => ({
          ...hit(
            evidence,
            'CSRF_TRUSTED_ORIGINS',
            `CSRF_TRUSTED_ORIGINS trusts ${origin}, which has no HTTPS`,
            origin.replace('http:', 'https:'),
          ),
          handled: false,
        })),
  },
  {
    id: 'hosts.forwarded',
    severity: 'warning',
    title: 'The host is taken from X-Forwarded-Host',
    page: {
      what: '`USE_X_FORWARDED_HOST` (or `_PORT`) makes Django believe a header that visitors can send too.',
      risk: 'Behind any proxy that does not overwrite it, the host can be made up: see `hosts.any`.',
      mend: 'Leave it False and let the proxy pass the real Host header on.',
      slipway: 'Holds it at False; its edge passes the real host on.',
    },
    find: (evidence) =>
      ['USE_X_FORWARDED_HOST', 'USE_X_FORWARDED_PORT']
        .filter((name) => settingValue(evidence, name) === true)
        .map((name) => hit(evidence, name, `${name} is True: visitors may name the host`, `remove ${name}`)),
  },
  {
    id: 'hosts.cors-any',
    severity: 'error',
    title: 'Every site may read answers with the visitor’s cookies',
    page: {
      what: 'django-cors-headers allows all origins. With `CORS_ALLOW_CREDENTIALS` it does so for requests that carry cookies.',
      risk: 'Any page a logged-in visitor opens reads what your app shows him, CSRF token included, and acts for him.',
      mend: 'List the origins in `CORS_ALLOWED_ORIGINS`. An open, anonymous API keeps all origins and drops the credentials.',
    },
    find: cors,
  },
];

/** Django's own rule for one entry: https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts */
const admits = (pattern: string, host: string): boolean =>
  pattern === '*' ||
  (pattern.startsWith('.') ? host === pattern.slice(1) || host.endsWith(pattern.toLowerCase()) : host === pattern.toLowerCase());

/** On this machine the names are always others, and held: only names people use are judged. */
function foreignHosts(evidence: Evidence): Hit[] {
  const allowed = textsOf(evidence, 'ALLOWED_HOSTS');
  const lost = evidence.domains.filter(
    (name) => name.includes('.') && !/^[\d.]+$/.test(name) && !allowed.some((pattern) => admits(pattern, name)),
  );
  if (allowed.length === 0 || lost.length === 0) return [];
  const message = `ALLOWED_HOSTS is ${JSON.stringify(allowed)}, and the app answers to ${lost.join(', ')}`;
  return [hit(evidence, 'ALLOWED_HOSTS', message, `ALLOWED_HOSTS = ${JSON.stringify(evidence.domains)}`)];
}

const hit = (evidence: Evidence, setting: string, message: string, hint: string): Hit => ({
  message,
  hint,
  where: whereIs(evidence, setting),
  handled: isHeld(evidence, setting),
});

function cors(evidence: Evidence): Hit[] {
  const name = ['CORS_ALLOW_ALL_ORIGINS', 'CORS_ORIGIN_ALLOW_ALL'].find((setting) => settingValue(evidence, setting) === true);
  const installed = evidence.facts?.middleware.some((one) => one.startsWith('corsheaders.')) === true;
  if (name === undefined || !installed) return [];
  const cookies = settingValue(evidence, 'CORS_ALLOW_CREDENTIALS') === true;
  const message = cookies
    ? `${name} with CORS_ALLOW_CREDENTIALS: any site may act for a logged-in visitor`
    : `${name} is True: any site may read the answers that need no log-in`;
  return [
    {
      message,
      hint: 'CORS_ALLOWED_ORIGINS = ["https://app.example"]',
      where: whereIs(evidence, name),
      severity: cookies ? 'error' : 'info',
    },
  ];
}
