import type { VariableMeaning } from '../../core/project.js';
import type { Read } from './outcome.js';

type Rule = readonly [RegExp, VariableMeaning];

/** By the setting a variable ends in, which says more than its name. */
const BY_SETTING: readonly Rule[] = [
  [/^SECRET_KEY$/, 'secret-key'],
  [/^DEBUG$/, 'debug'],
  [/^ALLOWED_HOSTS$/, 'allowed-hosts'],
  [/^CSRF_TRUSTED_ORIGINS$/, 'csrf-origins'],
  [/^DATABASES\.\w+\.ENGINE$/, 'database-engine'],
  [/^DATABASES\.\w+\.NAME$/, 'database-name'],
  [/^DATABASES\.\w+\.USER$/, 'database-user'],
  [/^DATABASES\.\w+\.PASSWORD$/, 'database-password'],
  [/^DATABASES\.\w+\.HOST$/, 'database-host'],
  [/^DATABASES\.\w+\.PORT$/, 'database-port'],
  [/^STATIC_ROOT$/, 'static-root'],
  [/^MEDIA_ROOT$/, 'media-root'],
  [
    /^(EMAIL_(HOST|PORT|HOST_USER|HOST_PASSWORD|USE_TLS|USE_SSL|BACKEND|TIMEOUT|SUBJECT_PREFIX)|DEFAULT_FROM_EMAIL|SERVER_EMAIL|MAILERS(\..*)?)$/,
    'email',
  ],
];

const DATABASE = '(?:DATABASE|DB|SQL|POSTGRES(?:QL)?|POSTGIS|PSQL|PG|MYSQL|MARIADB|ORACLE|RDS)';
const database = (rest: string): RegExp => new RegExp(`(^|_)(?:${DATABASE}_)*${DATABASE}_?(?:${rest})$`);

/** By the name; prefixes of the project are allowed everywhere. The first that fits wins. */
const BY_NAME: readonly Rule[] = [
  [/^(DJANGO_?|APP_|SITE_|PROJECT_)?SECRET(_?KEY)?$|DJANGO_SECRET(_KEY)?$/, 'secret-key'],
  [/(^|_)ALLOWED_?HOSTS?$|^(DJANGO_)?HOSTS$|^VIRTUAL_HOSTS?$/, 'allowed-hosts'],
  [/(^|_)(CSRF_)?TRUSTED_ORIGINS?$/, 'csrf-origins'],
  [/(^|_)REDIS_?(URL|URI|DSN|LOCATION|CONNECTION_STRING|TLS_URL)$|(^|_)REDIS$|^REDIS(CLOUD|TOGO)_URL$/, 'redis-url'],
  [/(^|_)REDIS_?(CACHE_|BROKER_|CELERY_|SERVER_)?(HOST|HOSTNAME|SERVER|ADDRESS|ENDPOINT)$/, 'redis-host'],
  [/(^|_)REDIS_?(CACHE_|BROKER_|CELERY_|SERVER_)?PORT$/, 'redis-port'],
  [/(^|_)REDIS_?(CACHE_|BROKER_|CELERY_|SERVER_)?(PASS|PASSWORD|PASSWD|AUTH)$/, 'redis-password'],
  [/(^|_)(CHANNELS?|CHANNEL_LAYERS?|WEBSOCKETS?)_?(LAYERS?_)?(REDIS_)?(URL|URI|BACKEND_URL|LOCATION)$/, 'channels-url'],
  [
    /(^|_)(BROKER|AMQP|CLOUDAMQP|RABBITMQ)_?(URL|URI|DSN|BIGWIG_URL)$|(^|_)CELERY_(BROKER|RESULT_BACKEND|RESULT_URL|BACKEND)$|(^|_)CELERY_(BROKER|BACKEND)_?URL$/,
    'broker-url',
  ],
  [/(^|_)CACHE_?(URL|URI|LOCATION)$|^(MEMCACHED?|MEMCACHIER)_?(URL|SERVERS?|LOCATION)$/, 'cache-url'],
  [database('URL|URI|DSN|CONNECTION_STRING|CONN'), 'database-url'],
  [database('ENGINE|BACKEND|TYPE|DIALECT|ADAPTER|VENDOR|DRIVER'), 'database-engine'],
  [database('NAME|DATABASE|DB|DBNAME|DATABASE_NAME|SCHEMA|PATH|FILE'), 'database-name'],
  [database('USER|USERNAME|USER_NAME|LOGIN|ROLE'), 'database-user'],
  [database('PASS|PASSWORD|PASSWD|PWD|PW|USER_PASSWORD'), 'database-password'],
  [database('HOST|HOSTNAME|SERVER|ADDRESS|ADDR|SERVICE|IP'), 'database-host'],
  [database('PORT'), 'database-port'],
  [/(^|_)STATIC_?(FILES_)?(ROOT|DIR|PATH)$/, 'static-root'],
  [/(^|_)(MEDIA|UPLOADS?)_?(FILES_)?(ROOT|DIR|PATH|FOLDER)$/, 'media-root'],
  [
    /(^|_)(API_?KEY|ACCESS_KEY(_ID)?|SECRET_(ACCESS_)?KEY|API_SECRET|API_TOKEN|ACCESS_TOKEN|AUTH_TOKEN|CLIENT_ID|CLIENT_SECRET|APP_ID|APP_SECRET|PUBLIC_KEY|PUBLISHABLE_KEY|PRIVATE_KEY|LICENSE_KEY|WEBHOOK_SECRET|DSN|TOKEN|SECRET|ACCOUNT_SID|CREDENTIALS|BUCKET(_NAME)?)$/,
    'api-key',
  ],
  [/(^|_)(EMAIL|SMTP|MAIL)_|^(EMAIL|SMTP|MAIL)$|_EMAIL$|^EMAILS?_|MAILER_/, 'email'],
  [
    /(^|_)(SITE|BASE|APP|PUBLIC|SERVER|EXTERNAL|ROOT|CANONICAL|WEB|WEBSITE|INSTANCE|FRONTEND|FRONT_END|BACKEND|HOST|SELF|DOMAIN|PORTAL|PRIMARY|DEFAULT)_?(URL|URI|ROOT|ORIGIN|BASE_URL|ROOT_URL)$/,
    'site-url',
  ],
  [
    /(^|_)(SITE|APP|PRIMARY|SERVER|BASE|MAIN|PUBLIC|WEB|WEBSITE|DJANGO|INSTANCE|DEFAULT|CANONICAL|EXTERNAL)_(DOMAIN|HOST|HOSTNAME|FQDN|DOMAIN_NAME|SERVER_NAME|NAME_HOST)$|^(DOMAIN|DOMAIN_NAME|HOSTNAME|FQDN|SERVER_NAME|HOST|HOST_NAME|RENDER_EXTERNAL_HOSTNAME)$/,
    'site-host',
  ],
  [/^(\w+_)?(ENV|ENVIRONMENT|ENV_NAME|ENVIRONMENT_NAME|STAGE|DEPLOY_ENV|RUN_ENV|DEPLOYMENT|APP_MODE)$/, 'environment-name'],
];

/** What a variable stands for, by the settings it ends in and its name; undefined where neither tells. */
export function meaningOf(read: Read): VariableMeaning | undefined {
  const { name, settings, type } = read;
  const upper = name.toUpperCase();
  if (settings.some((setting) => /^DATABASES(\.\w+)?$/.test(setting)) && (type === 'url' || /UR[LI]|DSN/.test(upper)))
    return 'database-url';
  if (/CORS/.test(upper)) return undefined;
  if (
    settings.some((setting) => /^(ALLOWED_HOSTS|CSRF_TRUSTED_ORIGINS)$/.test(setting)) &&
    type !== 'list' &&
    !/HOSTS|ORIGIN|CSRF|TRUSTED/.test(upper)
  ) {
    return /UR[LI]|ORIGIN|ROOT/.test(upper) ? 'site-url' : 'site-host';
  }
  for (const setting of settings) {
    const meaning = BY_SETTING.find(([pattern]) => pattern.test(setting))?.[1];
    if (meaning !== undefined) return meaning;
  }
  return byName(read, upper) ?? byUse(read);
}

function byName(read: Read, upper: string): VariableMeaning | undefined {
  if (/^([A-Z0-9]+_)?DEBUG$/.test(upper))
    return read.settings.length === 0 && !/^(SQL|TEMPLATE|EMAIL|WEBPACK|VITE|MAIL|DB|LOG)_/.test(upper) ? 'debug' : undefined;
  if (/^([A-Z0-9]+_)?(DB|DATABASE)$/.test(upper) && !/^(POSTGRES(QL)?|PG|MYSQL|SQL|MARIADB)_/.test(upper))
    return read.settings.length === 0 ? 'database-engine' : 'database-name';
  const meaning = BY_NAME.find(([pattern]) => pattern.test(upper))?.[1];
  if (
    (meaning === 'site-url' || meaning === 'site-host') &&
    /^CSP_|(^|_)(STATIC|MEDIA|API|CDN|AWS|S3|DOCS|LOGIN|WEBHOOK|LDAP|AUTH|OIDC|OAUTH|OAUTH2|SAML|SSO|KEYCLOAK|VITE|DEV|PROXY|SENTRY|MINIO|ELASTIC|ELASTICSEARCH|SOLR|MATRIX|GITLAB|GITHUB|JIRA|TIKA)_/.test(
      upper,
    )
  )
    return undefined;
  // SITE_ROOT is an address in one project and a folder in the next.
  if (meaning === 'site-url' && /ROOT$/.test(upper) && !/^https?:/.test(read.fallback ?? '')) return undefined;
  // A second store has an address of its own, and its own setting.
  if (
    /^database-/.test(meaning ?? '') &&
    read.settings.length > 0 &&
    !read.settings.some((setting) => /DATABASE|DB|POSTGRES|SQL|MARIADB|^PG/.test(setting))
  )
    return undefined;
  return meaning;
}

/** Where the name says nothing. */
function byUse(read: Read): VariableMeaning | undefined {
  const has = (pattern: RegExp): boolean => read.settings.some((setting) => pattern.test(setting));
  if (has(/^CACHES\.\w+(\.LOCATION)?$/)) return /^rediss?:/.test(read.fallback ?? '') ? 'redis-url' : 'cache-url';
  if (has(/^(CELERY_)?BROKER_URL$|^CELERY_RESULT_BACKEND$/)) return 'broker-url';
  if (has(/^CHANNEL_LAYERS\./) && /UR[LI]/.test(read.name)) return 'channels-url';
  if (has(/^(WAGTAILADMIN_BASE_URL|SITE_URL|BASE_URL)$/)) return /host|domain/i.test(read.name) ? 'site-host' : 'site-url';
  return /^rediss?:\/\//.test(read.fallback ?? '') ? 'redis-url' : undefined;
}
