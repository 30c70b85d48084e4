import { isHeld, isSet, settingValue, textOf, whereIs } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { djangoRule } from './django-checks.js';

const YEAR = 31536000;

export const httpsRules: readonly Rule[] = [
  djangoRule({
    id: 'https.no-redirect',
    checks: ['security.W008'],
    severity: 'warning',
    title: 'Pages answer over plain HTTP: SECURE_SSL_REDIRECT is not True',
    settings: ['SECURE_SSL_REDIRECT'],
    hint: 'SECURE_SSL_REDIRECT = True   # with SECURE_PROXY_SSL_HEADER behind a proxy',
    page: {
      what: 'Without the redirect, whoever types the address without `https://` stays on plain HTTP.',
      risk: 'Anyone on the way (a café, a provider) reads the pages, takes the log-in, or puts a script into the page.',
      mend: 'Set `SECURE_SSL_REDIRECT = True`. Behind a proxy that ends TLS, `SECURE_PROXY_SSL_HEADER` must be set as well, or every request is redirected for ever.',
    },
  }),
  djangoRule({
    id: 'https.hsts',
    checks: ['security.W004'],
    severity: 'warning',
    title: 'Browsers are not told to stay on HTTPS: SECURE_HSTS_SECONDS is not set',
    settings: ['SECURE_HSTS_SECONDS'],
    hint: 'SECURE_HSTS_SECONDS = 3600   # then a day, then a year',
    page: {
      what: '`Strict-Transport-Security` makes browsers use HTTPS from the second visit on, whatever a link or a person says.',
      risk: 'The redirect to HTTPS is itself plain HTTP: whoever stands in the way answers it in your place.',
      mend: 'Start with an hour and raise it once every page and every subdomain you need works over HTTPS. It cannot be taken back before it runs out.',
    },
  }),
  djangoRule({
    id: 'https.hsts-subdomains',
    checks: ['security.W005'],
    severity: 'info',
    title: 'HSTS leaves subdomains out: SECURE_HSTS_INCLUDE_SUBDOMAINS is not True',
    settings: ['SECURE_HSTS_INCLUDE_SUBDOMAINS'],
    hint: 'SECURE_HSTS_INCLUDE_SUBDOMAINS = True, if every subdomain has HTTPS; else silence security.W005',
    page: {
      what: 'The rule to use HTTPS covers this name and none below it.',
      risk: 'A plain-HTTP subdomain can set cookies for the whole domain.',
      mend: 'Set it when every subdomain, also those of other people, works over HTTPS. Else add `security.W005` to `SILENCED_SYSTEM_CHECKS`: it is a decision, not a defect.',
    },
  }),
  djangoRule({
    id: 'https.hsts-preload',
    checks: ['security.W021'],
    severity: 'info',
    title: 'HSTS is not marked for preloading: SECURE_HSTS_PRELOAD is not True',
    settings: ['SECURE_HSTS_PRELOAD'],
    hint: 'SECURE_HSTS_PRELOAD = True only if you mean to submit the domain; else silence security.W021',
    page: {
      what: 'Browsers ship a list of domains that are HTTPS from the very first visit. The mark says that you want to be on it.',
      risk: 'None by itself. Being on the list cannot be undone quickly.',
      mend: 'Set it if you will submit the domain at hstspreload.org. Else add `security.W021` to `SILENCED_SYSTEM_CHECKS`.',
    },
  }),
  {
    id: 'https.preload-half',
    severity: 'info',
    title: 'HSTS is marked for preloading and does not qualify',
    page: {
      what: '`SECURE_HSTS_PRELOAD` is True, but the list of browsers asks for a year at least and for all subdomains.',
      risk: 'The submission is refused, and the first visit stays unprotected although the settings look as if it were.',
      mend: '`SECURE_HSTS_SECONDS = 31536000` and `SECURE_HSTS_INCLUDE_SUBDOMAINS = True`, or take the mark away.',
    },
    find: preloadHalf,
  },
  djangoRule({
    id: 'cookies.session-insecure',
    checks: ['security.W010', 'security.W011', 'security.W012'],
    severity: 'warning',
    title: 'The session cookie travels over plain HTTP too: SESSION_COOKIE_SECURE is not True',
    settings: ['SESSION_COOKIE_SECURE'],
    hint: 'SESSION_COOKIE_SECURE = True',
    page: {
      what: 'The cookie that says who is logged in is sent with every request to the host, also with those that are not encrypted.',
      risk: 'One plain-HTTP request, to a picture or a mistyped address, shows the session to everyone on the way; whoever has it is logged in as that user.',
      mend: 'Set it to True.',
    },
  }),
  djangoRule({
    id: 'cookies.session-httponly',
    checks: ['security.W013', 'security.W014', 'security.W015'],
    severity: 'warning',
    title: 'Scripts may read the session cookie: SESSION_COOKIE_HTTPONLY is not True',
    settings: ['SESSION_COOKIE_HTTPONLY'],
    hint: "remove SESSION_COOKIE_HTTPONLY = False: Django's default is True",
    page: {
      what: 'The session cookie is visible to JavaScript.',
      risk: 'A single cross-site scripting hole, also in a library, is enough to take sessions away.',
      mend: 'Leave the setting at its default.',
    },
  }),
  djangoRule({
    id: 'cookies.csrf-insecure',
    checks: ['security.W016'],
    severity: 'warning',
    title: 'The CSRF cookie travels over plain HTTP too: CSRF_COOKIE_SECURE is not True',
    settings: ['CSRF_COOKIE_SECURE'],
    hint: 'CSRF_COOKIE_SECURE = True',
    page: {
      what: 'The token that proves a form came from your own page is sent unencrypted as well.',
      risk: 'Whoever reads it on the way can have a visitor send forms without knowing.',
      mend: 'Set it to True.',
    },
  }),
  {
    id: 'cookies.domain',
    severity: 'error',
    title: 'A cookie is meant for another domain than the app answers to',
    page: {
      what: '`SESSION_COOKIE_DOMAIN` or `CSRF_COOKIE_DOMAIN` names a domain that none of the environment’s names is part of.',
      risk: 'Browsers throw such a cookie away: nobody can log in, and every form is refused.',
      mend: 'Remove the setting, or name a domain that the app is served on.',
      slipway: 'Holds the setting at None where it does not fit.',
    },
    find: cookieDomains,
  },
];

function preloadHalf(evidence: Evidence): Hit[] {
  if (settingValue(evidence, 'SECURE_HSTS_PRELOAD') !== true) return [];
  const seconds = Number(settingValue(evidence, 'SECURE_HSTS_SECONDS') ?? 0);
  const whole = settingValue(evidence, 'SECURE_HSTS_INCLUDE_SUBDOMAINS') === true;
  if (seconds === 0 || (seconds >= YEAR && whole)) return [];
  const lacks = whole ? `SECURE_HSTS_SECONDS is ${seconds}` : 'SECURE_HSTS_INCLUDE_SUBDOMAINS is not True';
  return [
    {
      message: `SECURE_HSTS_PRELOAD asks for a place on the list of browsers, but ${lacks}`,
      hint: `SECURE_HSTS_SECONDS = ${YEAR} and SECURE_HSTS_INCLUDE_SUBDOMAINS = True, or no preload`,
      where: whereIs(evidence, 'SECURE_HSTS_PRELOAD'),
    },
  ];
}

/** On this machine every such cookie is for elsewhere, and held: only names people use are judged. */
function cookieDomains(evidence: Evidence): Hit[] {
  const names = evidence.domains.filter((name) => name.includes('.') && !/^[\d.]+$/.test(name));
  if (names.length === 0) return [];
  return ['SESSION_COOKIE_DOMAIN', 'CSRF_COOKIE_DOMAIN'].flatMap((setting) => {
    const domain = textOf(evidence, setting).replace(/^\./, '');
    if (!isSet(evidence, setting) || domain === '' || names.some((name) => name === domain || name.endsWith(`.${domain}`)))
      return [];
    return [
      {
        message: `${setting} is ${domain}, and the app answers to ${names.join(', ')}`,
        hint: `remove ${setting}`,
        where: whereIs(evidence, setting),
        handled: isHeld(evidence, setting),
      },
    ];
  });
}
