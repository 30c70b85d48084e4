import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pinSettings } from '../../../../src/config/resolve/pins.js';
import { codes, context, explicit, pinned, server, settings, told } from '../samples.js';

const HASHED = 'slipway_runtime.staticfiles.ManifestStaticFilesStorage';
const PLAIN = 'django.contrib.staticfiles.storage.StaticFilesStorage';
const WHITENOISE = 'whitenoise.storage.CompressedManifestStaticFilesStorage';
const all = (change: Parameters<typeof pinSettings>[0], name: string) =>
  pinSettings(change).pins.filter((pin) => pin.name === name);
const failed = { hashed: false, problem: "ValueError: The file 'missing.png' could not be found" } as const;

describe('static files', () => {
  test('in the folder the edge serves, as a Path where it was one', () => {
    assert.deepEqual(all(context(), 'STATIC_ROOT')[0]?.type, 'str');
    assert.deepEqual(all(settings({ STATIC_ROOT: explicit('/src/shop/staticfiles', 'path') }), 'STATIC_ROOT')[0]?.type, 'path');
    assert.equal(pinned(context())['STATIC_ROOT'], '/home/x/static');
  });
  const urls: readonly [unknown, string | undefined][] = [
    ['/static/', undefined],
    ['static/', '/static/'],
    ['https://cdn.example/', '/static/'],
    ['//cdn.example/files/', '/files/'],
    ['BASE_DIR / static/', '/static/'],
    [null, '/static/'],
    ['/', '/static/'],
  ];
  for (const [url, answer] of urls) {
    test(`STATIC_URL ${url}`, () => assert.equal(pinned(settings({ STATIC_URL: explicit(url) }))['STATIC_URL'], answer));
  }
  test('on a server, what is on another host stays there', () => {
    const elsewhere = settings({ STATIC_URL: explicit('https://cdn.example/') }, { place: server() });
    assert.equal(pinned(elsewhere)['STATIC_URL'], undefined);
  });
  test('hashed names while nothing speaks against them', () => {
    assert.deepEqual(pinned(context())['STORAGES'], { staticfiles: { BACKEND: HASHED } });
    assert.deepEqual(pinned(context({ staticAttempt: { hashed: true } }))['STORAGES'], { staticfiles: { BACKEND: HASHED } });
  });
  test('plain ones where collectstatic fails, saying why', () => {
    const plain = context({ staticAttempt: failed });
    assert.equal('STORAGES' in pinned(plain), false);
    assert.match(pinSettings(plain).warnings.find(({ code }) => code === 'static-unhashed')?.message ?? '', /missing\.png/);
  });
  const own = {
    STORAGES: explicit({
      default: { BACKEND: 'django.core.files.storage.FileSystemStorage' },
      staticfiles: { BACKEND: WHITENOISE },
    }),
  };
  test("the project's own storage stays unless it is what fails", () => {
    assert.equal('STORAGES' in pinned(settings(own)), false);
    assert.deepEqual(pinned(settings(own, { staticAttempt: failed }))['STORAGES'], { staticfiles: { BACKEND: PLAIN } });
  });
  for (const bucket of ['storages.backends.azure_storage.AzureStorage', 'shop.storage.StaticS3Storage']) {
    test(`on this machine in the folder, rather than in ${bucket}`, () => {
      const uploads = { BACKEND: 'django.core.files.storage.FileSystemStorage' };
      const away = { STORAGES: explicit({ default: uploads, staticfiles: { BACKEND: bucket } }) };
      assert.deepEqual(pinned(settings(away))['STORAGES'], { staticfiles: { BACKEND: HASHED } });
      assert.deepEqual(pinned(settings(away, { staticAttempt: failed }))['STORAGES'], { staticfiles: { BACKEND: PLAIN } });
      assert.equal('STORAGES' in pinned(settings(away, { place: server() })), false, 'a server has its owner’s accounts');
    });
  }
  test('by the name each Django knows', () => {
    assert.equal(pinned(told({ django: '4.1.13' }))['STATICFILES_STORAGE'], HASHED);
    assert.equal(
      pinned(told({ django: '4.2.30', settings: { STATICFILES_STORAGE: explicit(PLAIN) } }))['STATICFILES_STORAGE'],
      HASHED,
    );
    assert.deepEqual(pinned(told({ django: '4.2.30' }))['STORAGES'], { staticfiles: { BACKEND: HASHED } });
  });
  test('a name that is ignored since 5.1 is told', () => {
    const old = settings({ STATICFILES_STORAGE: explicit(WHITENOISE) });
    assert.ok(codes(old).includes('ignored-setting'));
    assert.deepEqual(pinned(old)['STORAGES'], { staticfiles: { BACKEND: HASHED } });
  });
});

describe('uploads', () => {
  test('in a kept folder, at a path of their own', () => {
    const pins = pinned(context());
    assert.equal(pins['MEDIA_ROOT'], '/home/x/media');
    assert.equal(pins['MEDIA_URL'], '/media/');
    assert.equal(pins['FILE_UPLOAD_TEMP_DIR'], '/home/x/temp');
  });
  test('never at the path of static files', () => {
    const same = settings({ STATIC_URL: explicit('/files/'), MEDIA_URL: explicit('files/') });
    assert.equal(pinned(same)['MEDIA_URL'], '/media/');
    assert.equal('MEDIA_URL' in pinned(settings({ MEDIA_URL: explicit('/uploads/') })), false);
  });
  test('a bucket stays a bucket', () => {
    const bucket = settings({ STORAGES: explicit({ default: { BACKEND: 'storages.backends.s3.S3Storage' } }) });
    assert.equal('MEDIA_ROOT' in pinned(bucket), false);
    const old = told({
      django: '3.2.25',
      settings: { DEFAULT_FILE_STORAGE: explicit('storages.backends.s3boto3.S3Boto3Storage') },
    });
    assert.equal('MEDIA_ROOT' in pinned(old), false);
  });
  test('STORAGES without default gets one', () => {
    const pins = all(settings({ STORAGES: explicit({ staticfiles: { BACKEND: WHITENOISE } }) }), 'STORAGES');
    assert.deepEqual(
      pins.map(({ value }) => value),
      [{ default: { BACKEND: 'django.core.files.storage.FileSystemStorage' } }],
    );
  });
});

describe('logging', () => {
  const shape = (known: unknown) => pinned(settings({ LOGGING: explicit(known) }))['LOGGING'];
  const ours = { class: 'logging.StreamHandler', formatter: 'slipway', filters: ['slipway'] };
  test('a console of ours at the root', () => {
    assert.deepEqual(pinned(context())['LOGGING'], {
      version: 1,
      disable_existing_loggers: false,
      filters: { slipway: { '()': 'slipway_runtime.logs.RequestIdFilter' } },
      formatters: { slipway: { '()': 'slipway_runtime.logs.JsonFormatter' } },
      handlers: { slipway: ours },
      root: { level: 'INFO', handlers: ['slipway'] },
    });
  });
  test('each record is written once', () => {
    const known = {
      handlers: {
        console: { class: 'logging.StreamHandler', filters: ['require_debug_true'] },
        mail: { class: 'django.utils.log.AdminEmailHandler' },
      },
      root: { handlers: ['console'], level: 'WARNING' },
      loggers: {
        shop: { handlers: ['console', 'mail'] },
        quiet: { handlers: ['console'], propagate: false },
        other: { handlers: ['mail'] },
      },
    };
    const { handlers, root, loggers } = shape(known) as Record<string, unknown>;
    assert.deepEqual(handlers, { slipway: ours, console: ours });
    assert.deepEqual(root, { level: 'WARNING', handlers: ['slipway'] });
    assert.deepEqual(loggers, { shop: { handlers: ['mail'] }, quiet: { handlers: ['console'] } });
  });
  test('files become the console', () => {
    const file = { class: 'logging.handlers.RotatingFileHandler', filename: '/src/shop/logs/x.log', maxBytes: 5, level: 'ERROR' };
    const { handlers } = shape({ handlers: { file } }) as Record<string, unknown>;
    assert.deepEqual(handlers, { slipway: ours, file: { ...ours, filename: null, maxBytes: null } });
  });
  test('a project that does it all by itself is left alone', () => {
    assert.equal('LOGGING' in pinned(settings({ LOGGING_CONFIG: explicit(null) })), false);
  });
});

describe('mail', () => {
  const FILES = 'django.core.mail.backends.filebased.EmailBackend';
  test('goes nowhere by accident', () => {
    const pins = pinned(context());
    assert.equal(pins['EMAIL_BACKEND'], FILES);
    assert.equal(pins['EMAIL_FILE_PATH'], '/home/x/data/mail');
    assert.equal(codes(context()).includes('mail-held'), false);
  });
  test('a real server is named', () =>
    assert.ok(codes(settings({ EMAIL_HOST: explicit('smtp.example.com') })).includes('mail-held')));
  test('unless the user gave one', () => {
    assert.equal('EMAIL_BACKEND' in pinned(context({ choices: { env: { EMAIL_HOST: 'mail.example' } } })), false);
  });
  test('one that sends nothing is held: DEBUG may have chosen it', () => {
    const console = 'django.core.mail.backends.console.EmailBackend';
    assert.equal(pinned(settings({ EMAIL_BACKEND: explicit(console) }))['EMAIL_BACKEND'], console);
    const inSource = { EMAIL_BACKEND: explicit(FILES), EMAIL_FILE_PATH: explicit('/src/shop/mail') };
    assert.equal(pinned(settings(inSource))['EMAIL_FILE_PATH'], '/home/x/data/mail');
  });
  test("a queue of the project's own is left alone", () => {
    assert.equal('EMAIL_BACKEND' in pinned(settings({ EMAIL_BACKEND: explicit('mailer.backend.DbBackend') })), false);
    assert.equal('MAILERS' in pinned(mailers('post_office.EmailBackend')), false);
  });
  test('on a server it is sent', () => assert.equal('EMAIL_BACKEND' in pinned(context({ place: server() })), false));
  const mailers = (backend: string) =>
    told({ django: '6.1.1', settings: { MAILERS: explicit({ default: { BACKEND: backend }, bulk: { BACKEND: backend } }) } });
  test('never both ways from 6.1 on', () => {
    const pins = pinned(mailers('django.core.mail.backends.smtp.EmailBackend'));
    const inFiles = { BACKEND: FILES, OPTIONS: { file_path: '/home/x/data/mail' } };
    assert.deepEqual(pins['MAILERS'], { default: inFiles, bulk: inFiles });
    assert.equal('EMAIL_BACKEND' in pins, false);
    assert.deepEqual(pins['SILENCED_SYSTEM_CHECKS'], ['mail.E001']);
  });
  test('a console stays, and is no complaint on this machine', () => {
    const pins = pinned(mailers('django.core.mail.backends.console.EmailBackend'));
    const console = { BACKEND: 'django.core.mail.backends.console.EmailBackend' };
    assert.deepEqual(pins['MAILERS'], { default: console, bulk: console });
    assert.deepEqual(pins['SILENCED_SYSTEM_CHECKS'], ['mail.E001']);
  });
  test('6.1 without MAILERS keeps to the old names', () =>
    assert.equal(pinned(told({ django: '6.1.1' }))['EMAIL_BACKEND'], FILES));
});
