import type { Pin } from '../../../core/pin.js';
import { isLocal } from '../origin.js';
import { type Area, django, hold, isExplicit, type PinContext, value } from './context.js';

/** HTTPS as the edge hands it on, cookies for HTTPS only, and HSTS. */
export function https(context: PinContext): Area {
  const strict = strictTransport(context);
  return { pins: [...proxy(context), ...cookies(context), ...strict.pins], silence: strict.silence };
}

function proxy(context: PinContext): Pin[] {
  const forwarded = ['USE_X_FORWARDED_HOST', 'USE_X_FORWARDED_PORT'].filter((name) => value(context, name) === true);
  return [
    hold(
      'SECURE_PROXY_SSL_HEADER',
      ['HTTP_X_FORWARDED_PROTO', 'https'],
      'the edge ends TLS and always overwrites this header',
      'tuple',
    ),
    hold('SECURE_SSL_REDIRECT', true, 'nothing is served without HTTPS, should the edge ever be gone round', 'bool'),
    ...forwarded.map((name) =>
      hold(name, false, 'the edge passes the real host on; a visitor could make the other one up', 'bool'),
    ),
  ];
}

function cookies(context: PinContext): Pin[] {
  const secure = ['SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE', ...(django(context, '3.0') ? ['LANGUAGE_COOKIE_SECURE'] : [])];
  return [
    ...secure.map((name) => hold(name, true, 'the cookie is never sent without HTTPS', 'bool')),
    ...(value(context, 'SESSION_COOKIE_HTTPONLY') === false
      ? [hold('SESSION_COOKIE_HTTPONLY', true, 'no script on a page may read the session', 'bool')]
      : []),
  ];
}

/** A minute on localhost, an hour on a domain that has not chosen: docs/decisions/0005-hsts-on-localhost.md */
const LOCAL_SECONDS = 60;
const FIRST_SECONDS = 3600;

function strictTransport(context: PinContext): { pins: Pin[]; silence: string[] } {
  if (isLocal(context.place)) {
    const reason = 'a minute, so that this machine forgets it: other projects of yours use the same name';
    const whole = 'it lasts a minute, and localhost is on no preload list';
    return {
      pins: [
        hold('SECURE_HSTS_SECONDS', LOCAL_SECONDS, reason, 'int'),
        hold('SECURE_HSTS_INCLUDE_SUBDOMAINS', true, whole, 'bool'),
        ...(django(context, '1.11') ? [hold('SECURE_HSTS_PRELOAD', true, whole, 'bool')] : []),
      ],
      silence: [],
    };
  }
  const chosen = isExplicit(context, 'SECURE_HSTS_SECONDS') && Number(value(context, 'SECURE_HSTS_SECONDS')) > 0;
  const pins = chosen
    ? []
    : [hold('SECURE_HSTS_SECONDS', FIRST_SECONDS, 'browsers remember to use HTTPS; an hour, until you choose more', 'int')];
  // Both reach beyond this app and cannot be taken back: they are the owner's to decide, not a missing setting.
  const open = { 'security.W005': 'SECURE_HSTS_INCLUDE_SUBDOMAINS', 'security.W021': 'SECURE_HSTS_PRELOAD' };
  const silence = Object.entries(open).filter(([, name]) => value(context, name) !== true);
  return { pins, silence: silence.map(([id]) => id) };
}
