/** Settings that Django no longer reads: no error tells of it, the value just has no effect. */
export interface Ignored {
  readonly setting: string;
  /** The first Django that ignores it. */
  readonly since: string;
  /** What to write instead. */
  readonly instead: string;
  /** True where what it did is lost without a word; false where nothing changes. */
  readonly matters: boolean;
}

/** From the release notes' "features removed": https://docs.djangoproject.com/en/stable/internals/deprecation/ */
export const IGNORED: readonly Ignored[] = [
  {
    setting: 'STATICFILES_STORAGE',
    since: '5.1',
    instead: 'STORAGES = {"default": …, "staticfiles": {"BACKEND": …}}',
    matters: true,
  },
  {
    setting: 'DEFAULT_FILE_STORAGE',
    since: '5.1',
    instead: 'STORAGES = {"default": {"BACKEND": …}, "staticfiles": …}',
    matters: true,
  },
  { setting: 'USE_L10N', since: '5.0', instead: 'remove it: localised formats are always on', matters: false },
  { setting: 'USE_DEPRECATED_PYTZ', since: '5.0', instead: 'remove it: time zones come from zoneinfo', matters: false },
  { setting: 'CSRF_COOKIE_MASKED', since: '5.0', instead: 'remove it', matters: false },
  { setting: 'PASSWORD_RESET_TIMEOUT_DAYS', since: '4.0', instead: 'PASSWORD_RESET_TIMEOUT, in seconds', matters: true },
  { setting: 'DEFAULT_HASHING_ALGORITHM', since: '4.0', instead: 'remove it', matters: false },
  {
    setting: 'SECURE_BROWSER_XSS_FILTER',
    since: '4.0',
    instead: 'remove it: browsers have dropped the filter; SECURE_CSP does what it was for',
    matters: false,
  },
  { setting: 'FILE_CHARSET', since: '3.1', instead: 'save the files as UTF-8', matters: true },
  {
    setting: 'USE_ETAGS',
    since: '2.1',
    instead: "'django.middleware.http.ConditionalGetMiddleware' in MIDDLEWARE",
    matters: true,
  },
  { setting: 'MIDDLEWARE_CLASSES', since: '2.0', instead: 'MIDDLEWARE', matters: true },
  { setting: 'TEMPLATE_DIRS', since: '1.10', instead: "'DIRS' in TEMPLATES", matters: true },
  {
    setting: 'TEMPLATE_CONTEXT_PROCESSORS',
    since: '1.10',
    instead: "'context_processors' in the OPTIONS of TEMPLATES",
    matters: true,
  },
  { setting: 'TEMPLATE_LOADERS', since: '1.10', instead: "'loaders' in the OPTIONS of TEMPLATES", matters: true },
  { setting: 'TEMPLATE_DEBUG', since: '1.10', instead: 'remove it: templates follow DEBUG', matters: false },
  { setting: 'ALLOWED_INCLUDE_ROOTS', since: '1.10', instead: 'remove it', matters: false },
];

/** All replaced by MAILERS: https://docs.djangoproject.com/en/6.1/howto/mailers-migration/ */
export const EMAIL_SETTINGS: readonly string[] = [
  'EMAIL_BACKEND',
  'EMAIL_HOST',
  'EMAIL_PORT',
  'EMAIL_HOST_USER',
  'EMAIL_HOST_PASSWORD',
  'EMAIL_USE_TLS',
  'EMAIL_USE_SSL',
  'EMAIL_SSL_CERTFILE',
  'EMAIL_SSL_KEYFILE',
  'EMAIL_TIMEOUT',
  'EMAIL_FILE_PATH',
];
