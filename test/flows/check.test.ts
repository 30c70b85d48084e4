import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Reading } from '../../src/findings/evidence.js';
import { readForFindings } from '../../src/flows/check-reading.js';
import { isTrivial, looksSecret, secretName } from '../../src/flows/secret-words.js';
import { inspect } from '../../src/project/inspect.js';

const MANAGE =
  "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\n";

async function read(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  tracked?: readonly string[],
): Promise<Reading> {
  const root = await mkdtemp(join(tmpdir(), 'sw-check-'));
  context.after(() => rm(root, { recursive: true, force: true }));
  const all = { 'manage.py': MANAGE, 'shop/__init__.py': '', ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  if (tracked !== undefined) {
    execFileSync('git', ['init', '-q', root]);
    execFileSync('git', ['-C', root, 'add', '--', ...tracked]);
  }
  return readForFindings(await inspect(root), undefined);
}

test('Secrets are found by name and by shape, defaults are told apart, and no value goes on', async (context) => {
  const { literals } = await read(context, {
    'shop/settings.py': `import os
INSTALLED_APPS = ['django.contrib.auth']
SECRET_KEY = 'k2#9vn!xq8_p4w7z1m5r3t6y0b-a+c=d'
EMAIL_HOST_PASSWORD = os.environ.get('MAIL_PASSWORD', 'Tr0ub4dor&3')
DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'USER': 'shop', 'PASSWORD': 'postgres'}}
PAYMENT = {'mode': 'live', 'anything': 'sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}'}
BROKER_URL = 'amqp://shop:s3cr3t-9x@mq.shop-internal.io/'
AUTH_PASSWORD_VALIDATORS = [{'NAME': 'django.contrib.auth.password_validation.CommonPasswordValidator'}]
PASSWORD_RESET_TIMEOUT = 3600
RECAPTCHA_PUBLIC_KEY = '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI'
LOGIN_PASSWORD = os.environ['LOGIN_PASSWORD']
CSRF_COOKIE_NAME = 'csrftoken'
`,
  });
  assert.deepEqual(
    literals.map(({ name, where, kind, isDefault, trivial }) => [name, where.split(':')[1], kind, isDefault, trivial]),
    [
      ['SECRET_KEY', '3', 'secret-key', false, false],
      ['EMAIL_HOST_PASSWORD', '4', 'password', true, false],
      ['DATABASES.default.PASSWORD', '5', 'password', false, true],
      ['PAYMENT.anything', '6', 'api-key', false, false],
      ['BROKER_URL', '7', 'api-key', false, false],
    ],
  );
  assert.ok(!JSON.stringify(literals).includes('Tr0ub'));
});

test('Assignments of split settings stand in the order in which they take effect', async (context) => {
  const { assignments } = await read(context, {
    'shop/settings/__init__.py': 'from .base import *\nDEBUG = False\n',
    'shop/settings/base.py':
      "INSTALLED_APPS = []\nDEBUG = True\nif DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n    MIDDLEWARE.append('x')\n",
  });
  assert.deepEqual(
    assignments.map(({ setting, where, conditional }) => [setting, where, conditional]),
    [
      ['INSTALLED_APPS', 'shop/settings/base.py:1', false],
      ['DEBUG', 'shop/settings/base.py:2', false],
      ['INSTALLED_APPS', 'shop/settings/base.py:4', true],
      ['MIDDLEWARE', 'shop/settings/base.py:5', true],
      ['DEBUG', 'shop/settings/__init__.py:2', false],
    ],
  );
});

test('Tracked environment files and private keys are found; untracked ones and examples are not', async (context) => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
  const files = {
    'shop/settings.py': 'INSTALLED_APPS = []\n',
    '.env': 'DEBUG=1\nSTRIPE_SECRET_KEY=rk_9Qe81nXz # live\nPOSTGRES_PASSWORD=postgres\nEMPTY_PASSWORD=\nOTHER_SECRET=$FROM\n',
    '.env.example': 'STRIPE_SECRET_KEY=rk_9Qe81nXz\n',
    'dev.env': 'POSTGRES_PASSWORD=postgres\n',
    'local.env': 'POSTGRES_PASSWORD=s9x!4kfa\n',
    'deploy/key.pem': key,
    'tests/key.pem': key,
  };
  const { local: _untracked, ...rest } = { ...files, local: '' };
  const tracked = Object.keys(rest).filter((path) => path !== 'local.env');
  const { envFiles, privateKeys } = await read(context, files, tracked);
  assert.deepEqual(
    envFiles.map(({ path, names, trivial }) => [path, names.map(({ value, from }) => `${value} ${from}`), trivial]),
    [
      ['.env', ['STRIPE_SECRET_KEY .env:2'], false],
      ['dev.env', ['POSTGRES_PASSWORD dev.env:1'], true],
    ],
  );
  assert.deepEqual(privateKeys, ['deploy/key.pem']);
});

test('Settings that git does not track hold no secrets of the repository', async (context) => {
  const { literals } = await read(
    context,
    { 'shop/settings.py': "INSTALLED_APPS = []\nSECRET_KEY = 'k2#9vn!xq8_p4w7z1m5r3t6y0b'\n" },
    ['manage.py'],
  );
  assert.deepEqual(literals, []);
});

test('Lines of code that findings are about', async (context) => {
  const { servesMedia, developmentServers, fileFields, taskImports } = await read(context, {
    'shop/settings.py': 'INSTALLED_APPS = []\n',
    'shop/urls.py': `from django.conf import settings
from django.urls import re_path
from django.views.static import serve
urlpatterns = [re_path(r'^media/(?P<path>.*)$', serve, {'document_root': settings.MEDIA_ROOT})]
if settings.DEBUG:
    urlpatterns += [re_path(r'^media/(?P<path>.*)$', serve, {'document_root': settings.MEDIA_ROOT})]
`,
    'shop/models.py': `from django.db import models
class Paper(models.Model):
    file = models.FileField(upload_to='papers/')
    safe = models.FileField(upload_to='papers/', validators=[FileExtensionValidator(['pdf'])])
    also = models.FileField(upload_to=lambda i, n: f(n), validators=[x])
    picture = models.ImageField()
`,
    'shop/tasks.py': 'from django.tasks import task\n',
    Procfile: 'web: python manage.py runserver 0.0.0.0:$PORT\n# web: python manage.py runserver\n',
  });
  assert.deepEqual(servesMedia, ['shop/urls.py:4']);
  assert.deepEqual(developmentServers, ['Procfile:1']);
  assert.deepEqual(fileFields, ['shop/models.py:3']);
  assert.deepEqual(taskImports, ['shop/tasks.py:1']);
});

const NAMES: readonly (readonly [string, string | undefined])[] = [
  ['SECRET_KEY', 'secret-key'],
  ['DATABASES.default.PASSWORD', 'password'],
  ['EMAIL_HOST_PASSWORD', 'password'],
  ['STRIPE_API_KEY', 'api-key'],
  ['AWS_SECRET_ACCESS_KEY', 'api-key'],
  ['SOCIAL_AUTH_GOOGLE_OAUTH2_SECRET', 'api-key'],
  ['AWS_ACCESS_KEY_ID', undefined],
  ['RECAPTCHA_PUBLIC_KEY', undefined],
  ['CSRF_COOKIE_NAME', undefined],
  ['PASSWORD_RESET_TIMEOUT', undefined],
  ['CACHE_MIDDLEWARE_KEY_PREFIX', undefined],
  ['LOGIN_URL', undefined],
  ['ACCOUNT_PASSWORD_FIELD', undefined],
];

test('Names of secrets', () => {
  for (const [name, kind] of NAMES) assert.equal(secretName(name), kind, name);
});

test('Words that stand for a secret are no secret', () => {
  for (const word of [
    'postgres',
    'changeme',
    'change-me-please',
    '<your key>',
    'your-live-secret-key',
    'mail-gun-api-key',
    'xxxxxxxx',
    'django-insecure-abc',
    'aaaaaaaa',
  ]) {
    assert.ok(isTrivial(word), word);
  }
  for (const word of ['Tr0ub4dor&3', 'rk_9Qe81nXz', 'k2#9vn!xq8']) assert.ok(!isTrivial(word), word);
});

test('Shapes of secrets', () => {
  for (const value of [
    `AKIA${'IOSFODNN7ABCDEFG'}`,
    `ghp_${'a'.repeat(36)}`,
    '-----BEGIN RSA PRIVATE KEY-----',
    'postgres://u:p4ss-w@db.example.com/x',
  ])
    assert.ok(looksSecret(value), value);
  for (const value of [
    'postgres://u:p@localhost/x',
    'postgres://postgres:postgres@db.example.com/x',
    'https://example.com/a:b@c',
    'redis://redis:6379/0',
  ])
    assert.ok(!looksSecret(value), value);
});

test('What only looks like a secret is none: rates, texts, a password that is the user, a key for localhost', async (context) => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
  const { literals, privateKeys } = await read(
    context,
    {
      'shop/settings.py': `INSTALLED_APPS = []
ACCOUNT_RATE_LIMITS = {'change_password': '5/m/user'}
ACCOUNT_FORMS = {'reset_password': 'shop.forms.ResetPassword'}
HINTS = {'password': 'Enter your password'}
DATABASES = {'default': {'NAME': 'shopdb7', 'USER': 'shopdb7', 'PASSWORD': 'shopdb7'}}
`,
      'deploy/localhost.key': key,
    },
    ['manage.py', 'shop/settings.py', 'deploy/localhost.key'],
  );
  assert.deepEqual(
    literals.map(({ name, trivial }) => [name, trivial]),
    [['DATABASES.default.PASSWORD', true]],
  );
  assert.deepEqual(privateKeys, []);
});
