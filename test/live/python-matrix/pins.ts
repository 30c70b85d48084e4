import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../../src/core/facts.js';
import type { Pin } from '../../../src/core/pin.js';

const hold = (name: string, value: Pin['value']): Pin => ({ name, op: 'hold', value, reason: 'test' });

/** What `check --deploy` wants, as far as the Django of `facts` knows the settings. */
export function pinsFor(facts: Facts, kept: string): readonly Pin[] {
  const pins: Pin[] = [
    hold('DEBUG', false),
    hold('ALLOWED_HOSTS', ['shop.example']),
    hold('SECRET_KEY', { env: 'SECRET_KEY' }),
    hold('SECURE_PROXY_SSL_HEADER', ['HTTP_X_FORWARDED_PROTO', 'https']),
    hold('SECURE_SSL_REDIRECT', true),
    hold('SECURE_HSTS_SECONDS', 3600),
    hold('SECURE_HSTS_INCLUDE_SUBDOMAINS', true),
    hold('SECURE_HSTS_PRELOAD', true),
    hold('SECURE_CONTENT_TYPE_NOSNIFF', true),
    hold('SESSION_COOKIE_SECURE', true),
    hold('CSRF_COOKIE_SECURE', true),
    hold('X_FRAME_OPTIONS', 'DENY'),
    hold('STATIC_ROOT', join(kept, 'static')),
    { name: 'DATABASES', op: 'merge', value: { default: { NAME: join(kept, 'kept.sqlite3') } }, reason: 'test' },
  ];
  if ('SECURE_BROWSER_XSS_FILTER' in facts.settings) pins.push(hold('SECURE_BROWSER_XSS_FILTER', true));
  if ('SECURE_REFERRER_POLICY' in facts.settings) pins.push(hold('SECURE_REFERRER_POLICY', 'same-origin'));
  if ('MAILERS' in facts.settings)
    pins.push({ name: 'SILENCED_SYSTEM_CHECKS', op: 'extend', value: ['mail.E001'], reason: 'test' });
  return [...pins, hashedNames(facts)];
}

function hashedNames(facts: Facts): Pin {
  const backend = 'slipway_runtime.staticfiles.ManifestStaticFilesStorage';
  return 'STORAGES' in facts.settings
    ? { name: 'STORAGES', op: 'merge', value: { staticfiles: { BACKEND: backend } }, reason: 'test' }
    : hold('STATICFILES_STORAGE', backend);
}

/** Writes the pins file as a release has it; gives its path. */
export function writePins(path: string, root: string, settingsModule: string, pins: readonly Pin[]): string {
  writeFileSync(path, JSON.stringify({ settings_module: settingsModule, packages: [], root, pins }), { mode: 0o600 });
  return path;
}
