import { djangoAtLeast, hasPackage, isDict, isHeld, isSet, settingValue, textOf, textsOf, whereIs } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { djangoRule } from './django-checks.js';
import { EMAIL_SETTINGS, IGNORED } from './ignored-settings.js';

export const settingRules: readonly Rule[] = [
  {
    id: 'settings.ignored',
    severity: 'warning',
    title: 'A setting that Django no longer reads',
    page: {
      what: `The installed Django ignores it without a word: ${IGNORED.map(({ setting, since }) => `\`${setting}\` (since ${since})`).join(', ')}.`,
      risk: 'What it did is silently gone: hashed static files, uploads in a bucket, a middleware that guarded something.',
      mend: 'Write the new form that the message names, and remove the old one.',
    },
    find: ignored,
  },
  {
    id: 'settings.storages-incomplete',
    severity: 'error',
    title: 'STORAGES leaves a storage out',
    page: {
      what: '`STORAGES` replaces Django’s default as a whole. Without `default` the first upload fails, without `staticfiles` `collectstatic` does.',
      risk: 'InvalidStorageError, in the case of uploads only when a visitor sends the first file.',
      mend: 'Name both: `{"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {…}}`.',
      slipway: 'Adds the one that is missing.',
    },
    find: storages,
  },
  {
    id: 'settings.email-replaced',
    severity: 'info',
    title: 'E-mail settings that MAILERS replaces',
    page: {
      what: 'Since Django 6.1 the EMAIL_* settings are deprecated; Django 2028 no longer reads them. Together with MAILERS they are an error already.',
      risk: 'None today. After the upgrade no mail leaves.',
      mend: 'https://docs.djangoproject.com/en/6.1/howto/mailers-migration/',
    },
    find: replacedEmail,
  },
  {
    id: 'settings.default-auto-field',
    severity: 'info',
    title: 'DEFAULT_AUTO_FIELD is not set',
    page: {
      what: 'Models without a primary key of their own get one whose type depends on the Django version. Django’s own check: `models.W042`.',
      risk: 'The upgrade to Django 6.0, where the default becomes BigAutoField, wants a migration for every such table, with a lock on each.',
      mend: "`DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'` keeps what is there; `BigAutoField` in new projects.",
    },
    find: autoField,
  },
  djangoRule({
    id: 'email.development-backend',
    checks: ['mail.E001'],
    severity: 'warning',
    title: 'Mail is only shown or thrown away: MAILERS has a development backend',
    settings: ['MAILERS'],
    hint: 'MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": …}}}',
    page: {
      what: '`startproject` of Django 6.1 writes a backend that prints mail to the console.',
      risk: 'Password resets and notices of errors reach nobody.',
      mend: 'Name a mail server; an app that sends no mail adds `mail.E001` to SILENCED_SYSTEM_CHECKS.',
    },
  }),
  djangoRule({
    id: 'async.unsafe',
    checks: ['async.E001'],
    severity: 'error',
    title: 'DJANGO_ALLOW_ASYNC_UNSAFE is set',
    settings: [],
    hint: 'unset DJANGO_ALLOW_ASYNC_UNSAFE',
    page: {
      what: 'The variable switches off the guard that keeps asynchronous code from using the database directly. It is meant for notebooks.',
      risk: 'Requests share connections and see each other’s transactions: data of one visitor in the page of another.',
      mend: 'Take the variable out of the environment and use `sync_to_async` or the `a…` methods.',
    },
  }),
  {
    id: 'sessions.pickle',
    severity: 'error',
    title: 'Sessions are pickled',
    page: {
      what: 'SESSION_SERIALIZER is a pickle serializer.',
      risk: 'Whoever can write a session, through a leaked key or an open Redis, runs code on the server.',
      mend: "`'django.contrib.sessions.serializers.JSONSerializer'`, which is the default.",
    },
    find: (evidence) =>
      /Pickle\w*$/.test(textOf(evidence, 'SESSION_SERIALIZER'))
        ? [
            {
              message: `SESSION_SERIALIZER is ${textOf(evidence, 'SESSION_SERIALIZER')}`,
              hint: 'remove it: the default writes JSON',
              where: whereIs(evidence, 'SESSION_SERIALIZER'),
            },
          ]
        : [],
  },
  {
    id: 'passwords.weak-hasher',
    severity: 'error',
    title: 'Passwords are stored with a hash that is guessed in no time',
    page: {
      what: 'The first of PASSWORD_HASHERS, which is used for every new password, is MD5, SHA-1 or none.',
      risk: 'Once the database leaks, most passwords are known within hours.',
      mend: 'Remove the setting, or put PBKDF2, Argon2 or scrypt first; passwords are upgraded at the next log-in.',
    },
    find: (evidence) => {
      const [first = ''] = textsOf(evidence, 'PASSWORD_HASHERS');
      return isSet(evidence, 'PASSWORD_HASHERS') &&
        /(MD5|SHA1|Crypt|Plain)\w*Hasher$/i.test(first) &&
        !/PBKDF2|BCrypt/i.test(first)
        ? [
            {
              message: `new passwords are hashed with ${first.split('.').at(-1)}`,
              hint: 'remove PASSWORD_HASHERS',
              where: whereIs(evidence, 'PASSWORD_HASHERS'),
            },
          ]
        : [];
    },
  },
];

function ignored(evidence: Evidence): Hit[] {
  return IGNORED.filter(({ setting, since }) => isSetHere(evidence, setting) && djangoAtLeast(evidence, since)).map(
    ({ setting, since, instead, matters }) => ({
      message: `Django ${evidence.facts?.django} ignores ${setting} (since ${since})`,
      hint: instead,
      where: whereIs(evidence, setting),
      severity: matters && !isSuperseded(evidence, setting) ? 'warning' : 'info',
    }),
  );
}

const isSetHere = (evidence: Evidence, setting: string): boolean => isSet(evidence, setting) && whereIs(evidence, setting) !== '';

/** The new form is there as well: the old one is only left over. */
function isSuperseded(evidence: Evidence, setting: string): boolean {
  if (/_STORAGE$/.test(setting)) return isSet(evidence, 'STORAGES') || isPlain(textOf(evidence, setting));
  return setting === 'MIDDLEWARE_CLASSES' && isSet(evidence, 'MIDDLEWARE');
}

const isPlain = (backend: string): boolean =>
  /^django\.(contrib\.staticfiles\.storage\.StaticFilesStorage|core\.files\.storage\.FileSystemStorage)$/.test(backend);

function storages(evidence: Evidence): Hit[] {
  const value = settingValue(evidence, 'STORAGES');
  if (!isSet(evidence, 'STORAGES') || !isDict(value) || !djangoAtLeast(evidence, '4.2')) return [];
  const where = whereIs(evidence, 'STORAGES');
  return ['default', 'staticfiles']
    .filter((alias) => !(alias in value))
    .map((alias) => ({
      message: `STORAGES has no ${JSON.stringify(alias)}, and replaces Django's own`,
      hint: `add ${JSON.stringify(alias)} to STORAGES`,
      where,
      handled: isHeld(evidence, 'STORAGES'),
    }));
}

function replacedEmail(evidence: Evidence): Hit[] {
  if (!djangoAtLeast(evidence, '6.1') || isSet(evidence, 'MAILERS')) return [];
  const used = EMAIL_SETTINGS.filter((name) => isSetHere(evidence, name));
  const [first] = used;
  return first === undefined
    ? []
    : [
        {
          message: `${used.join(', ')}: replaced by MAILERS in Django 6.1`,
          hint: 'https://docs.djangoproject.com/en/6.1/howto/mailers-migration/',
          where: whereIs(evidence, first),
        },
      ];
}

function autoField(evidence: Evidence): Hit[] {
  const models = (evidence.own ?? []).filter(({ id, silenced }) => id === 'models.W042' && !silenced);
  if (models.length === 0) return [];
  return [
    {
      message: `DEFAULT_AUTO_FIELD is not set, and ${models.length} model${models.length === 1 ? '' : 's'} depend${models.length === 1 ? 's' : ''} on it`,
      hint: "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'   # as it is now",
    },
  ];
}

const TRACKERS: readonly string[] = [
  'sentry-sdk',
  'raven',
  'rollbar',
  'bugsnag',
  'honeybadger',
  'airbrake',
  'pybrake',
  'newrelic',
  'elastic-apm',
  'ddtrace',
  'scout-apm',
  'opbeat',
  'appsignal',
  'logfire',
  'opencensus-ext-django',
  'applicationinsights',
  'azure-monitor-opentelemetry',
  'opentelemetry-instrumentation-django',
  'glitchtip',
  'django-error-report',
  'django-slack',
  'python-telegram-handler',
];

export const errorRules: readonly Rule[] = [
  {
    id: 'errors.nobody-told',
    severity: 'info',
    title: 'Nobody is told of errors',
    page: {
      what: 'ADMINS is empty, and no error tracker is among the dependencies.',
      risk: 'A page that fails for every tenth visitor is noticed when one of them writes.',
      mend: 'Sentry, GlitchTip or another tracker with `sentry-sdk`; or ADMINS and a mail server.',
      slipway: '`slipway logs` keeps every error with its request.',
    },
    find: nobodyTold,
  },
];

function nobodyTold(evidence: Evidence): Hit[] {
  if (evidence.facts === undefined || hasPackage(evidence, ...TRACKERS)) return [];
  const admins = settingValue(evidence, 'ADMINS');
  if (!Array.isArray(admins) || admins.length > 0) return [];
  return [
    {
      message: 'ADMINS is empty and there is no error tracker: nobody is told when a page fails',
      hint: 'pip install sentry-sdk   # or ADMINS = [...]',
      where: whereIs(evidence, 'ADMINS'),
    },
  ];
}

const LIMITERS: readonly string[] = [
  'axes',
  'defender',
  'django_axes',
  'ratelimit',
  'django_ratelimit',
  'brutebuster',
  'django_otp',
  'two_factor',
  'lockout',
  'django_bruteforce_protection',
  'cerberus',
];
const LIMITING: readonly string[] = [
  'django-axes',
  'django-defender',
  'django-ratelimit',
  'django-brake',
  'django-otp',
  'django-two-factor-auth',
  'mozilla-django-oidc',
];

export const adminRules: readonly Rule[] = [
  {
    id: 'admin.unlimited',
    severity: 'warning',
    title: 'The admin’s log-in may be tried without limit',
    page: {
      what: 'The admin is at its default path, `/admin/`, and nothing limits attempts to log in. Django has no such limit.',
      risk: 'Every machine on the internet that looks for Django tries names and passwords there, thousands an hour.',
      mend: '`django-axes` or a second factor (`django-otp`); another path keeps the noise away, not an attacker.',
      slipway: 'Its edge limits POSTs to the log-in page by address.',
    },
    find: adminUnlimited,
  },
];

function adminUnlimited(evidence: Evidence): Hit[] {
  const { facts } = evidence;
  if (facts?.urls?.admin !== '/admin/') return [];
  const guarded = facts.apps.some(({ name }) => LIMITERS.includes(name.split('.')[0] ?? '')) || hasPackage(evidence, ...LIMITING);
  return guarded
    ? []
    : [
        {
          message: 'the admin is at /admin/, and log-ins may be tried without limit',
          hint: 'pip install django-axes',
          handled: evidence.resolved !== undefined,
        },
      ];
}
