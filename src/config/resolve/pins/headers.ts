import type { Pin } from '../../../core/pin.js';
import { type Area, django, hold, isExplicit, type PinContext, value } from './context.js';

const SECURITY = 'django.middleware.security.SecurityMiddleware';
const CLICKJACKING = 'django.middleware.clickjacking.XFrameOptionsMiddleware';
const CSRF = 'django.middleware.csrf.CsrfViewMiddleware';

/** Security headers and the middleware that sends them. What the project chose on purpose stays. */
export function headers(context: PinContext): Area {
  return { pins: [...sniffing(context), ...referrer(context), ...middleware(context)], ...frames(context), ...forgery(context) };
}

function sniffing(context: PinContext): Pin[] {
  const nosniff = hold('SECURE_CONTENT_TYPE_NOSNIFF', true, 'browsers must not guess at the type of a file', 'bool');
  // Its check and its use ended with 3.0: https://docs.djangoproject.com/en/3.0/ref/settings/#secure-browser-xss-filter
  const filter = hold('SECURE_BROWSER_XSS_FILTER', true, "old browsers' filter against injected scripts", 'bool');
  return [
    ...(value(context, 'SECURE_CONTENT_TYPE_NOSNIFF') === true ? [] : [nosniff]),
    ...(django(context, '3.0') || value(context, 'SECURE_BROWSER_XSS_FILTER') === true ? [] : [filter]),
  ];
}

function referrer(context: PinContext): Pin[] {
  const known = value(context, 'SECURE_REFERRER_POLICY');
  if (!django(context, '3.0') || (known !== null && known !== undefined && known !== '')) return [];
  return [hold('SECURE_REFERRER_POLICY', 'same-origin', 'other sites need not know which page a visitor came from', 'str')];
}

/** Frames of the same origin are a choice, and before 3.0 they were Django's default, which projects of that time were built on. */
function frames(context: PinContext): Pick<Area, 'silence'> {
  const stays = isExplicit(context, 'X_FRAME_OPTIONS') || !django(context, '3.0');
  const sameOrigin = String(value(context, 'X_FRAME_OPTIONS') ?? 'SAMEORIGIN').toUpperCase() === 'SAMEORIGIN';
  return stays && sameOrigin ? { silence: ['security.W019'] } : {};
}

function middleware(context: PinContext): Pin[] {
  const { name, has } = middlewareOf(context);
  return [
    ...(has.some((item) => item.endsWith('.SecurityMiddleware'))
      ? []
      : [prepend(name, SECURITY, 'it sends the security headers')]),
    ...(has.some((item) => item.endsWith('.XFrameOptionsMiddleware'))
      ? []
      : [extend(name, CLICKJACKING, 'other sites must not show this one in a frame')]),
  ];
}

/** Before 1.10 there was another setting with other classes, and until 2.0 it counts where MIDDLEWARE is not set. */
function middlewareOf(context: PinContext): { name: string; has: readonly string[] } {
  const old = !django(context, '2.0') && !Array.isArray(value(context, 'MIDDLEWARE'));
  return { name: old ? 'MIDDLEWARE_CLASSES' : 'MIDDLEWARE', has: context.facts.middleware };
}

const prepend = (name: string, item: string, reason: string): Pin => ({ name, op: 'prepend', value: [item], reason });
const extend = (name: string, item: string, reason: string): Pin => ({ name, op: 'extend', value: [item], reason });

/** Not added: what posts with a token of its own would stop working. */
function forgery(context: PinContext): Pick<Area, 'warnings'> {
  if (context.facts.middleware.some((item) => /Csrf\w*Middleware$/.test(item))) return {};
  const message = 'CsrfViewMiddleware is not in MIDDLEWARE: forms of other sites can act for a logged-in visitor';
  return {
    warnings: [{ code: 'csrf-middleware', message, hint: `add '${CSRF}' to MIDDLEWARE unless every view takes tokens only` }],
  };
}
