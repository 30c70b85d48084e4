import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Facts, ProbeError } from '../../src/core/facts.js';
import type { Pin } from '../../src/core/pin.js';
import { answer } from './python-matrix/answers.js';
import { environment, interpreter } from './python-matrix/environment.js';
import { writePins } from './python-matrix/pins.js';
import { python, SCRIPTS } from './python-matrix/run.js';
import { type Shop, shop } from './python-matrix/shop.js';

const PACKAGES = [
  'Django~=5.2.0',
  'django-configurations',
  'dynaconf',
  'django-split-settings',
  'django-environ',
  'python-decouple',
  'environs',
  'pydantic-settings',
  'celery',
  'channels',
  'daphne',
  'dj-database-url',
];

const SQLITE = "{'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}";
const KEY = 'k3'.repeat(20) + 'abcdefghijklmnopqrstuvwxyz';

const hold = (name: string, value: Pin['value']): Pin => ({ name, op: 'hold', value, reason: 'test' });
const PINS: readonly Pin[] = [
  hold('DEBUG', false),
  hold('ALLOWED_HOSTS', ['shop.example']),
  hold('SECRET_KEY', { env: 'SECRET_KEY' }),
  hold('MEDIA_ROOT', '/kept/media'),
  { name: 'MIDDLEWARE', op: 'prepend', value: ['django.middleware.security.SecurityMiddleware'], reason: 'test' },
  { name: 'DATABASES', op: 'merge', value: { default: { NAME: '/kept/db.sqlite3' } }, reason: 'test' },
];

const found = interpreter('3.12');

describe('settings that are no plain module', { skip: found === null ? 'no Python 3.12 here' : false }, () => {
  let venv = '';
  let root = '';
  before(async () => {
    venv = await environment(found ?? '', PACKAGES);
    root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-frameworks-')));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const project = (name: string, settings = ''): Shop => shop(join(root, name), SQLITE, settings);

  async function loaded(made: Shop, pins: readonly Pin[] = [], env: Record<string, string> = {}): Promise<Facts> {
    const told = await answer(venv, 'probe', made.request, pinned(made, pins, env));
    assert.equal(told.ok, true, JSON.stringify(told));
    return told.facts;
  }

  async function refused(made: Shop): Promise<ProbeError> {
    const told = await answer(venv, 'probe', made.request, {});
    assert.equal(told.ok, false);
    assert.ok(told.error !== undefined);
    return told.error;
  }

  function pinned(made: Shop, pins: readonly Pin[], env: Record<string, string>): Record<string, string> {
    if (pins.length === 0) return env;
    const file = join(root, `${made.root.split('/').at(-1)}.pins.json`);
    return { ...env, SECRET_KEY: KEY, SLIPWAY_PINS: writePins(file, made.root, 'shop.settings', pins) };
  }

  /** Every pin, in django.conf.settings and in the module, and what the project computed from DEBUG. */
  async function holds(made: Shop, env: Record<string, string> = {}): Promise<void> {
    const facts = await loaded(made, PINS, env);
    const value = (name: string) => facts.settings[name]?.value;
    assert.deepEqual([value('DEBUG'), value('LEVEL'), value('ALLOWED_HOSTS')], [false, 'high', ['shop.example']]);
    assert.equal(value('MEDIA_ROOT'), '/kept/media');
    assert.deepEqual(facts.middleware, ['django.middleware.security.SecurityMiddleware']);
    assert.equal(facts.databases['default']?.name, '/kept/db.sqlite3');
    assert.equal(facts.secretKey.length, KEY.length);
    assert.deepEqual(facts.problems, []);
    const names = ['DEBUG', 'ALLOWED_HOSTS', 'SECRET_KEY', 'MEDIA_ROOT'];
    const shown = await python(venv, [join(SCRIPTS, 'held.py')], {
      cwd: made.root,
      env: { ...pinned(made, PINS, env), DJANGO_SETTINGS_MODULE: 'shop.settings', PYTHONPATH: made.root },
      stdin: JSON.stringify(names),
    });
    assert.equal(shown.code, 0, shown.stderr);
    assert.deepEqual(JSON.parse(shown.stdout), {
      DEBUG: [false, false],
      ALLOWED_HOSTS: [['shop.example'], ['shop.example']],
      SECRET_KEY: [KEY, KEY],
      MEDIA_ROOT: ['/kept/media', '/kept/media'],
    });
  }

  test('django-configurations', async () => {
    const made = project('configurations');
    made.write(
      'manage.py',
      `import os, sys
if __name__ == '__main__':
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
    os.environ.setdefault('DJANGO_CONFIGURATION', 'Production')
    from configurations.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`,
    );
    made.write(
      'shop/settings.py',
      `from configurations import Configuration, values
from pathlib import Path

class Base(Configuration):
    BASE_DIR = Path(__file__).parent
    DEBUG = True
    SECRET_KEY = values.SecretValue()
    INSTALLED_APPS = ['stock']
    ROOT_URLCONF = 'shop.urls'
    ALLOWED_HOSTS = values.ListValue(['*'])
    MEDIA_ROOT = BASE_DIR / 'media'
    DATABASES = ${SQLITE}
    @property
    def LEVEL(self):
        return 'low' if self.DEBUG else 'high'

class Production(Base):
    DEBUG = values.BooleanValue(True)
    ALLOWED_HOSTS = ['x'] if DEBUG else ['y']
`,
    );
    const error = await refused(made);
    assert.deepEqual([error.kind, error.name], ['missing-variable', 'DJANGO_SECRET_KEY']);
    const facts = await loaded(made, PINS);
    assert.deepEqual([facts.configuration, facts.settings['MEDIA_ROOT']?.type], ['Production', 'path']);
    const shown = facts.settings['LEVEL']?.value;
    assert.equal(shown, 'high');
    assert.deepEqual(facts.settings['ALLOWED_HOSTS']?.value, ['shop.example']);
    assert.deepEqual(facts.middleware, ['django.middleware.security.SecurityMiddleware']);
    assert.equal(facts.databases['default']?.name, '/kept/db.sqlite3');
  });

  test('dynaconf', async () => {
    const made = project(
      'dynaconf',
      "DEBUG = True\nLEVEL = 'low' if DEBUG else 'high'\nimport dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__, settings_files=['settings.toml'])\n",
    );
    made.write('settings.toml', '[default]\nDEBUG = true\nALLOWED_HOSTS = ["toml"]\nEXTRA = "from toml"\n');
    const bare = await loaded(made);
    assert.deepEqual([bare.settings['DEBUG']?.value, bare.settings['EXTRA']?.value], [true, 'from toml']);
    assert.ok(bare.settingsFiles.includes('settings.toml'));
    assert.deepEqual(bare.variables, []);
    await holds(made);
  });

  test('django-split-settings', async () => {
    const made = project('split');
    made.remove('shop/settings.py');
    made.write(
      'shop/settings/__init__.py',
      "from split_settings.tools import include, optional\ninclude('parts/base.py', 'parts/more.py', optional('parts/local.py'))\n",
    );
    made.write(
      'shop/settings/parts/base.py',
      `SECRET_KEY = 'x' * 60\nINSTALLED_APPS = ['stock']\nROOT_URLCONF = 'shop.urls'\nDATABASES = ${SQLITE}\nDEBUG = True\n`,
    );
    made.write(
      'shop/settings/parts/more.py',
      "LEVEL = 'low' if DEBUG else 'high'\nALLOWED_HOSTS = ['*']\nALLOWED_HOSTS += ['b']\n",
    );
    const bare = await loaded(made);
    assert.ok(bare.settingsFiles.includes('shop/settings/parts/more.py'), bare.settingsFiles.join());
    await holds(made);
  });

  const ASKED: readonly (readonly [library: string, line: string, name: string])[] = [
    ['os.environ', "import os; X = os.environ['SHOP_X']", 'SHOP_X'],
    ['os.environ.get', "import os; X = os.environ.get('SHOP_X').split(',')", 'SHOP_X'],
    ['django-environ', "import environ; X = environ.Env()('SHOP_X')", 'SHOP_X'],
    ['django-environ db', "import environ; X = environ.Env().db('SHOP_DATABASE_URL')", 'SHOP_DATABASE_URL'],
    ['python-decouple', "from decouple import config; X = config('SHOP_X')", 'SHOP_X'],
    ['environs', "from environs import Env; X = Env().str('SHOP_X')", 'SHOP_X'],
    [
      'pydantic',
      'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    x: str\n    model_config = {"env_prefix": "SHOP_"}\nX = S().x',
      'SHOP_X',
    ],
    ['dj-database-url', "import dj_database_url, os; X = dj_database_url.parse(os.environ['SHOP_URL'])", 'SHOP_URL'],
  ];
  for (const [library, line, name] of ASKED) {
    test(`a variable that ${library} misses is named`, async () => {
      const error = await refused(project(`missing-${library.replaceAll(/\W/g, '-')}`, `${line}\n`));
      assert.deepEqual([error.kind, error.name], ['missing-variable', name], JSON.stringify(error));
      assert.equal(error.frames[0]?.file, 'shop/settings.py');
    });
  }

  test('variables read through libraries are told with the line of the settings', async () => {
    const made = project(
      'reads',
      "import environ, dj_database_url\nfrom decouple import config\nenv = environ.Env()\nA = env('SHOP_A', default='a')\nB = config('SHOP_B', default='b')\nC = dj_database_url.config(default='sqlite:///x')\n",
    );
    const facts = await loaded(made, [], { SHOP_A: 'given' });
    const told = facts.variables.map((variable) => [variable.name, variable.from, variable.hit]);
    assert.deepEqual(told, [
      ['SHOP_A', 'shop/settings.py:10', true],
      ['SHOP_B', 'shop/settings.py:11', false],
      ['DATABASE_URL', 'shop/settings.py:12', false],
    ]);
  });

  test('a wsgi.py that assigns another settings module does not change which one serves', async () => {
    const made = project('assigning', 'DEBUG = True\n');
    made.write('shop/other.py', 'from .settings import *\nOTHER = True\n');
    made.write(
      'shop/wsgi.py',
      "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.other'\nfrom django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    );
    const code =
      'import shop.wsgi\nfrom django.conf import settings\nprint(settings.SETTINGS_MODULE, settings.DEBUG, hasattr(settings, "OTHER"))';
    const env = { ...pinned(made, PINS, {}), DJANGO_SETTINGS_MODULE: 'shop.settings', PYTHONPATH: made.root };
    const held = await python(venv, ['-c', code], { cwd: made.root, env });
    assert.equal(held.stdout.trim(), 'shop.settings False False', held.stderr);
    const asked = await python(venv, ['-c', code], { cwd: made.root, env: { ...env, DJANGO_SETTINGS_MODULE: 'shop.other' } });
    assert.equal(asked.stdout.trim(), 'shop.other False True', asked.stderr);
  });

  test('Celery, Channels and async views are asked', async () => {
    const made = project(
      'everything',
      `INSTALLED_APPS += ['channels', 'django.contrib.contenttypes']
ASGI_APPLICATION = 'shop.asgi.application'
CELERY_BROKER_URL = 'redis://:s3cretpassword@localhost:6379/1'
CELERY_TASK_ROUTES = {'stock.tasks.count': {'queue': 'slow'}}
CELERY_BEAT_SCHEDULE = {'count': {'task': 'stock.tasks.count', 'schedule': 60, 'options': {'queue': 'timed'}}}
`,
    );
    made.write(
      'shop/celery.py',
      "from celery import Celery\napp = Celery('shop')\napp.config_from_object('django.conf:settings', namespace='CELERY')\napp.autodiscover_tasks()\n",
    );
    made.write('shop/__init__.py', 'from .celery import app as celery_app\n');
    made.write(
      'stock/tasks.py',
      'from celery import shared_task\n@shared_task\ndef count():\n    pass\n@shared_task(queue="mail")\ndef send():\n    pass\n',
    );
    made.write(
      'stock/views.py',
      'from django.http import HttpResponse\nfrom django.views import View\nasync def watch(request):\n    return HttpResponse()\ndef plain(request):\n    return HttpResponse()\nclass Stream(View):\n    async def get(self, request):\n        return HttpResponse()\n',
    );
    made.write(
      'shop/urls.py',
      "from django.urls import include, path\nfrom stock import views\nurlpatterns = [path('watch/', views.watch), path('plain/', views.plain), path('api/', include([path('stream/', views.Stream.as_view()), path('healthz', views.plain)]))]\n",
    );
    made.write(
      'shop/asgi.py',
      `import os
from django.core.asgi import get_asgi_application
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
http = get_asgi_application()
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.generic.websocket import WebsocketConsumer
from django.urls import path
routes = URLRouter([path('ws/stock/<int:pk>/', WebsocketConsumer.as_asgi())])
from channels.sessions import CookieMiddleware
application = ProtocolTypeRouter({'http': http, 'websocket': AllowedHostsOriginValidator(CookieMiddleware(routes))})
`,
    );
    const facts = await loaded(made);
    assert.deepEqual(facts.problems, []);
    assert.deepEqual(facts.celery, {
      app: 'shop.celery:app',
      broker: 'redis://:***@localhost:6379/1',
      beat: true,
      queues: ['celery', 'mail', 'slow', 'timed'],
    });
    assert.deepEqual(facts.urls, {
      patterns: 4,
      asyncViews: ['stock.views.watch', 'stock.views.Stream'],
      websocketRoutes: ['/ws/stock/<int:pk>/'],
      health: '/api/healthz',
    });
    assert.ok(!JSON.stringify(facts).includes('s3cretpassword'));
  });

  test('what fails after the settings is a problem, and the rest is told', async () => {
    const made = project('broken', "INSTALLED_APPS += ['django.contrib.contenttypes']\n");
    made.write('shop/urls.py', 'import nothing_like_it\nurlpatterns = []\n');
    const facts = await loaded(made);
    assert.equal(facts.urls, null);
    assert.equal(facts.problems.length, 1, JSON.stringify(facts.problems));
    assert.deepEqual([facts.problems[0]?.kind, facts.problems[0]?.name], ['missing-module', 'nothing_like_it']);
    assert.deepEqual(
      facts.problems[0]?.frames.map((frame) => `${frame.file}:${frame.line}`),
      ['shop/urls.py:1'],
    );
    assert.ok(facts.commands.includes('migrate'));
  });

  test('what the project prints, writes and leaves running does no harm', async () => {
    const made = project(
      'noisy',
      `import os, subprocess, sys, threading, time
print('@@SLIPWAY@@{"ok": false}')
subprocess.call(['echo', 'from a child'])
os.write(1, b'raw')
open(os.path.join(os.path.dirname(__file__), 'secret.txt'), 'w').write('x')
os.makedirs(os.path.join(os.path.dirname(__file__), 'logs', 'deep'))
threading.Thread(target=time.sleep, args=(600,)).start()
`,
    );
    const facts = await loaded(made);
    assert.equal(facts.settingsModule, 'shop.settings');
    assert.deepEqual(readdirSync(join(made.root, 'shop')).sort(), ['__init__.py', 'settings.py', 'urls.py']);
  });

  test('a project that hangs is given up, with the line it hangs on', async () => {
    const made = project('hanging', 'import time\ntime.sleep(600)\n');
    const told = await answer(venv, 'probe', made.request, { SLIPWAY_PROBE_SECONDS: '1' });
    assert.deepEqual([told.ok, told.error?.name], [false, 'timeout']);
    assert.deepEqual(
      told.error?.frames.map((frame) => `${frame.file}:${frame.line} ${frame.text}`),
      ['shop/settings.py:8 time.sleep(600)'],
    );
  });
});
