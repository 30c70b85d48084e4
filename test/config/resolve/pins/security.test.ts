import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  byDefault,
  codes,
  context,
  explicit,
  facts,
  MIDDLEWARE,
  pinned,
  place,
  project,
  server,
  settings,
  told,
} from '../samples.js';

const production = { place: server() };

describe('DEBUG', () => {
  test('is off', () => assert.equal(pinned(context())['DEBUG'], false));
  test('in templates too', () => {
    const engine = { BACKEND: 'django', OPTIONS: { debug: true, context_processors: [] } };
    const pins = pinned(settings({ TEMPLATES: explicit([{ BACKEND: 'jinja2' }, engine]) }));
    assert.deepEqual(pins['TEMPLATES'], { '1': { OPTIONS: { debug: false } } });
  });
  test('templates that say nothing are left alone', () => {
    assert.equal('TEMPLATES' in pinned(settings({ TEMPLATES: explicit([{ OPTIONS: { debug: false } }]) })), false);
  });
  test('a development app is named', () => {
    const app = { name: 'debug_toolbar', label: 'debug_toolbar', path: '/venv/debug_toolbar' };
    assert.ok(codes(told({ apps: [app] })).includes('development-app'));
  });
});

describe('hosts', () => {
  test('every spelling of this machine', () => {
    assert.deepEqual(pinned(context())['ALLOWED_HOSTS'], ['localhost', '127.0.0.1', '[::1]']);
  });
  test('an address of the sixth version in brackets, once', () => {
    const local = place({ domains: ['localhost', '127.0.0.1', '::1'] });
    assert.deepEqual(pinned(context({ place: local }))['ALLOWED_HOSTS'], ['localhost', '127.0.0.1', '[::1]']);
  });
  test('only the domains elsewhere', () => {
    assert.deepEqual(pinned(context(production))['ALLOWED_HOSTS'], ['shop.example', 'www.shop.example']);
  });
  test('origins with scheme and port, and the projects own', () => {
    const pins = pinned(settings({ CSRF_TRUSTED_ORIGINS: explicit(['https://*.railway.app', 'other.example']) }));
    assert.deepEqual(pins['CSRF_TRUSTED_ORIGINS'], [
      'https://localhost:8443',
      'https://127.0.0.1:8443',
      'https://[::1]:8443',
      'https://*.railway.app',
      'https://other.example',
    ]);
  });
  test('bare before 4.0', () => {
    const own = { CSRF_TRUSTED_ORIGINS: explicit(['https://x.example']) };
    assert.deepEqual(pinned(told({ django: '3.2.25', settings: own }, production))['CSRF_TRUSTED_ORIGINS'], [
      'shop.example',
      'www.shop.example',
      'x.example',
    ]);
  });
  test('a cookie domain of elsewhere is dropped, one of ours kept', () => {
    assert.equal(pinned(settings({ SESSION_COOKIE_DOMAIN: explicit('.shop.example') }))['SESSION_COOKIE_DOMAIN'], null);
    assert.equal(
      'SESSION_COOKIE_DOMAIN' in pinned(settings({ SESSION_COOKIE_DOMAIN: explicit('.shop.example') }, production)),
      false,
    );
  });
  test('www is not put in front of a name that has none', () => {
    assert.equal(pinned(settings({ PREPEND_WWW: explicit(true) }))['PREPEND_WWW'], false);
  });
});

describe('HTTPS', () => {
  test('as the edge hands it on', () => {
    const pins = pinned(settings({ USE_X_FORWARDED_HOST: explicit(true) }));
    assert.deepEqual(pins['SECURE_PROXY_SSL_HEADER'], ['HTTP_X_FORWARDED_PROTO', 'https']);
    assert.equal(pins['SECURE_SSL_REDIRECT'], true);
    assert.equal(pins['USE_X_FORWARDED_HOST'], false);
    assert.equal('USE_X_FORWARDED_PORT' in pins, false);
  });
  test('cookies', () => {
    const pins = pinned(settings({ SESSION_COOKIE_HTTPONLY: explicit(false) }));
    for (const name of ['SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE', 'LANGUAGE_COOKIE_SECURE', 'SESSION_COOKIE_HTTPONLY']) {
      assert.equal(pins[name], true, name);
    }
    assert.equal('LANGUAGE_COOKIE_SECURE' in pinned(told({ django: '2.2.28' })), false);
  });
  test('HSTS for a minute on this machine, whatever the project says', () => {
    const pins = pinned(settings({ SECURE_HSTS_SECONDS: explicit(31536000) }));
    assert.equal(pins['SECURE_HSTS_SECONDS'], 60);
    assert.equal(pins['SECURE_HSTS_PRELOAD'], true);
    assert.equal('SILENCED_SYSTEM_CHECKS' in pins, false);
  });
  test('on a domain the owner decides', () => {
    const fresh = pinned(context(production));
    assert.equal(fresh['SECURE_HSTS_SECONDS'], 3600);
    assert.deepEqual(fresh['SILENCED_SYSTEM_CHECKS'], ['security.W005', 'security.W021']);
    const chosen = {
      SECURE_HSTS_SECONDS: explicit(9),
      SECURE_HSTS_INCLUDE_SUBDOMAINS: explicit(true),
      SECURE_HSTS_PRELOAD: explicit(true),
    };
    const pins = pinned(settings(chosen, production));
    for (const name of [...Object.keys(chosen), 'SILENCED_SYSTEM_CHECKS']) assert.equal(name in pins, false, name);
  });
});

describe('headers', () => {
  test('nothing to do on a new project', () => {
    const pins = pinned(context());
    for (const name of ['SECURE_CONTENT_TYPE_NOSNIFF', 'SECURE_REFERRER_POLICY', 'X_FRAME_OPTIONS', 'MIDDLEWARE']) {
      assert.equal(name in pins, false, name);
    }
  });
  test('an old Django is told all of it', () => {
    const pins = pinned(
      told({
        django: '1.11.29',
        settings: { SECURE_CONTENT_TYPE_NOSNIFF: byDefault(false), X_FRAME_OPTIONS: byDefault('SAMEORIGIN') },
      }),
    );
    assert.equal(pins['SECURE_CONTENT_TYPE_NOSNIFF'], true);
    assert.equal(pins['SECURE_BROWSER_XSS_FILTER'], true);
    assert.equal('SECURE_REFERRER_POLICY' in pins, false);
    assert.deepEqual(pins['SILENCED_SYSTEM_CHECKS'], ['security.W019']);
  });
  test('a chosen SAMEORIGIN stays, and is no complaint', () => {
    const pins = pinned(settings({ X_FRAME_OPTIONS: explicit('SAMEORIGIN') }));
    assert.equal('X_FRAME_OPTIONS' in pins, false);
    assert.deepEqual(pins['SILENCED_SYSTEM_CHECKS'], ['security.W019']);
  });
  test('missing middleware', () => {
    const pins = pinned(told({ middleware: ['django.contrib.sessions.middleware.SessionMiddleware'] }));
    assert.deepEqual(pins['MIDDLEWARE'], ['django.middleware.clickjacking.XFrameOptionsMiddleware']);
    assert.ok(codes(told({ middleware: [] })).includes('csrf-middleware'));
  });
  test("the project's own subclass counts", () => {
    const middleware = ['shop.http.SecurityMiddleware', ...MIDDLEWARE.slice(1)];
    assert.equal('MIDDLEWARE' in pinned(told({ middleware })), false);
  });
  test('MIDDLEWARE_CLASSES of old', () => {
    const pins = pinned(told({ django: '1.9.13', middleware: [], settings: { MIDDLEWARE: explicit(null) } }));
    assert.ok('MIDDLEWARE_CLASSES' in pins);
    assert.equal('MIDDLEWARE' in pins, false);
  });
});

describe('SECRET_KEY', () => {
  const good = { set: true, length: 60, unique: 40, insecurePrefix: false };
  const weak = { ...good, length: 8 };
  const read = [{ name: 'DJANGO_SECRET_KEY', from: 'shop/settings.py:20', hit: true }];
  const reads = project({ variables: [{ name: 'DJANGO_SECRET_KEY', meaning: 'secret-key', setting: 'SECRET_KEY' }] });
  test('a literal is replaced, good or not', () => {
    assert.deepEqual(pinned(told({ secretKey: good }))['SECRET_KEY'], { secret: 'SECRET_KEY' });
    assert.deepEqual(pinned(told({ secretKey: weak }))['SECRET_KEY'], { secret: 'SECRET_KEY' });
  });
  test('a good one from the environment stays', () => {
    assert.equal('SECRET_KEY' in pinned(told({ secretKey: good, variables: read }, { project: reads })), false);
  });
  test('one that did not come through is replaced', () => {
    assert.ok('SECRET_KEY' in pinned(told({ secretKey: weak, variables: read }, { project: reads })));
  });
  test("the user's own weak one stays, with a word", () => {
    const choices = { env: { DJANGO_SECRET_KEY: 'short' } };
    const given = told({ secretKey: weak, variables: read }, { project: reads, choices });
    assert.equal('SECRET_KEY' in pinned(given), false);
    assert.ok(codes(given).includes('weak-secret-key'));
  });
});

describe("the user's word", () => {
  test('keep drops the pin', () => {
    assert.equal('DEBUG' in pinned(context({ choices: { settings: { DEBUG: 'keep', LOGGING: 'keep' } } })), false);
  });
  test('a value is held instead', () => {
    const pins = pinned(context({ choices: { settings: { SECURE_HSTS_SECONDS: 3600, SHOP_MODE: 'x' } } }));
    assert.equal(pins['SECURE_HSTS_SECONDS'], 3600);
    assert.equal(pins['SHOP_MODE'], 'x');
  });
  test('types of sequences are kept', () => {
    const found = facts({ settings: { ALLOWED_HOSTS: explicit([], 'tuple') } });
    assert.deepEqual(pinned(context({ facts: found }))['ALLOWED_HOSTS'], ['localhost', '127.0.0.1', '[::1]']);
  });
});
