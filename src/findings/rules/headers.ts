import type { Rule } from '../rule.js';
import { djangoRule } from './django-checks.js';

/** Middleware and headers that Django ships and the settings leave out or turn off. */
export const headerRules: readonly Rule[] = [
  djangoRule({
    id: 'middleware.security',
    checks: ['security.W001'],
    severity: 'warning',
    title: 'SecurityMiddleware is not installed',
    settings: ['MIDDLEWARE', 'MIDDLEWARE_CLASSES'],
    hint: "put 'django.middleware.security.SecurityMiddleware' first in MIDDLEWARE",
    page: {
      what: 'It sends HSTS, `nosniff` and the referrer policy and redirects to HTTPS. Without it, none of the `SECURE_*` settings does anything.',
      risk: 'The settings look right and have no effect.',
      mend: 'Put it first in `MIDDLEWARE`.',
    },
  }),
  djangoRule({
    id: 'middleware.clickjacking',
    checks: ['security.W002'],
    severity: 'warning',
    title: 'XFrameOptionsMiddleware is not installed',
    settings: ['MIDDLEWARE', 'MIDDLEWARE_CLASSES'],
    hint: "add 'django.middleware.clickjacking.XFrameOptionsMiddleware' to MIDDLEWARE",
    page: {
      what: 'Nothing forbids other sites to show your pages in a frame.',
      risk: 'A page of somebody else lays yours, invisible, under a button: the visitor clicks in your app, logged in, without seeing it.',
      mend: 'Add the middleware; exempt single views with `xframe_options_exempt`.',
    },
  }),
  djangoRule({
    id: 'middleware.csrf',
    checks: ['security.W003'],
    severity: 'warning',
    title: 'CsrfViewMiddleware is not installed',
    settings: ['MIDDLEWARE', 'MIDDLEWARE_CLASSES'],
    hint: "add 'django.middleware.csrf.CsrfViewMiddleware' to MIDDLEWARE; a pure token API silences security.W003",
    page: {
      what: 'Forms are accepted from wherever they come.',
      risk: 'Any page a logged-in visitor opens can send forms to your app in his name.',
      mend: 'Add the middleware. An API that knows no cookies at all does without: silence `security.W003`.',
    },
  }),
  djangoRule({
    id: 'headers.nosniff',
    checks: ['security.W006'],
    severity: 'warning',
    title: 'Browsers may guess types: SECURE_CONTENT_TYPE_NOSNIFF is not True',
    settings: ['SECURE_CONTENT_TYPE_NOSNIFF'],
    hint: "remove SECURE_CONTENT_TYPE_NOSNIFF = False: Django's default is True",
    page: {
      what: 'Without `X-Content-Type-Options: nosniff` a browser looks into a file and decides itself what it is.',
      risk: 'An upload that looks like HTML is run as HTML, on your domain.',
      mend: 'Leave the setting at its default.',
    },
  }),
  djangoRule({
    id: 'headers.frame',
    checks: ['security.W019'],
    severity: 'info',
    title: "Pages may be framed by their own site: X_FRAME_OPTIONS is not 'DENY'",
    settings: ['X_FRAME_OPTIONS'],
    hint: "X_FRAME_OPTIONS = 'DENY'; an app that frames its own pages keeps SAMEORIGIN and silences security.W019",
    page: {
      what: '`SAMEORIGIN` allows frames from the same address. Editors such as those of Wagtail and django CMS need it.',
      risk: 'Small: who can put HTML into one page of the site can frame another.',
      mend: 'Set `DENY` where nothing of yours is framed; else silence `security.W019`.',
    },
  }),
  djangoRule({
    id: 'headers.referrer',
    checks: ['security.W022', 'security.E023'],
    severity: 'warning',
    title: 'SECURE_REFERRER_POLICY is off or no policy',
    settings: ['SECURE_REFERRER_POLICY'],
    hint: "SECURE_REFERRER_POLICY = 'same-origin'",
    page: {
      what: 'It says how much of an address is told to the site a link leads to.',
      risk: 'Addresses hold tokens of password resets and names of private pages; they end up in logs of others.',
      mend: "Set `'same-origin'` or `'strict-origin-when-cross-origin'`.",
    },
  }),
  djangoRule({
    id: 'headers.opener',
    checks: ['security.E024'],
    severity: 'error',
    title: 'SECURE_CROSS_ORIGIN_OPENER_POLICY has a value that is none',
    settings: ['SECURE_CROSS_ORIGIN_OPENER_POLICY'],
    hint: "SECURE_CROSS_ORIGIN_OPENER_POLICY = 'same-origin'",
    page: {
      what: 'The header keeps windows of other sites out of the process of yours.',
      risk: 'Browsers ignore a value they do not know: the protection is off.',
      mend: "Use `'same-origin'`, `'same-origin-allow-popups'` or `'unsafe-none'`.",
    },
  }),
  djangoRule({
    id: 'headers.csp-type',
    checks: ['security.E026'],
    severity: 'error',
    title: 'SECURE_CSP is not a dictionary',
    settings: ['SECURE_CSP', 'SECURE_CSP_REPORT_ONLY'],
    hint: "SECURE_CSP = {'default-src': [CSP.SELF]}",
    page: {
      what: 'A content security policy lists where scripts, styles and pictures may come from.',
      risk: 'A value of another type is an error at the first response.',
      mend: 'Make it a dictionary of directives.',
    },
  }),
  djangoRule({
    id: 'headers.csp-nonce',
    checks: ['security.W027'],
    severity: 'warning',
    title: 'The content security policy asks for a nonce that templates do not get',
    settings: ['SECURE_CSP', 'TEMPLATES'],
    hint: "add 'django.template.context_processors.csp' to the context_processors",
    page: {
      what: 'The policy allows inline scripts with a nonce, and no context processor gives templates that nonce.',
      risk: 'Browsers refuse the page’s own scripts.',
      mend: 'Add the context processor.',
    },
  }),
];
