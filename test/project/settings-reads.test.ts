import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Variable } from '../../src/core/project.js';
import { runSettings } from '../../src/project/settings/run.js';
import { variablesOf } from '../../src/project/settings/variables.js';
import { sourcesOf, withTree } from './trees.js';

async function variables(source: string, more: Readonly<Record<string, string>> = {}): Promise<Variable[]> {
  return withTree({ 'shop/__init__.py': '', 'shop/settings.py': source, ...more }, async (root) => {
    const outcome = runSettings(await sourcesOf(root), 'shop.settings');
    return variablesOf(outcome, new Set());
  });
}

/** Source → what is read, as `NAME[!] type[separator] off:word =default @meaning >setting`; `!` for required. */
const show = (variable: Variable): string =>
  [
    variable.name + (variable.required ? '!' : ''),
    variable.type + (variable.separator ?? ''),
    variable.off === undefined ? '' : `off:${variable.off}`,
    variable.default === undefined ? '' : `=${variable.default}`,
    variable.meaning === undefined ? '' : `@${variable.meaning}`,
    variable.setting === undefined ? '' : `>${variable.setting}`,
  ]
    .filter((part) => part !== '')
    .join(' ');

const OS = 'import os\n';
const TABLE: readonly (readonly [lesson: string, source: string, reads: readonly string[]])[] = [
  ['a subscript is required', `${OS}SECRET_KEY = os.environ["SECRET_KEY"]`, ['SECRET_KEY! string @secret-key >SECRET_KEY']],
  ['get is not', `${OS}A = os.environ.get("X_A")`, ['X_A string >A']],
  [
    'getenv with a default',
    `from os import getenv\nSITE_URL = getenv("SITE_URL", "http://x")`,
    ['SITE_URL string =http://x @site-url >SITE_URL'],
  ],
  ['an alias of environ', `from os import environ as e\nA = e["X_A"]`, ['X_A! string >A']],
  ['an alias of get', `${OS}get = os.environ.get\nA = get("X_A", "1")`, ['X_A string =1 >A']],
  [
    'splitting nothing fails',
    `${OS}ALLOWED_HOSTS = os.environ.get("HOSTS").split(" ")`,
    ['HOSTS! list  @allowed-hosts >ALLOWED_HOSTS'],
  ],
  ['splitting a default does not', `${OS}A = os.getenv("X_A", "a,b").split(",")`, ['X_A list, =a,b >A']],
  ['int of nothing fails', `${OS}A = int(os.getenv("X_A"))`, ['X_A! int >A']],
  ['int of a default does not', `${OS}A = int(os.getenv("X_A", "5"))`, ['X_A int =5 >A']],
  ['json', `import json, os\nA = json.loads(os.getenv("X_A", "{}"))`, ['X_A json ={} >A']],
  ['a later split fails too', `${OS}x = os.getenv("X_A")\nA = x.split(",")`, ['X_A! list, >A']],
  ['a guarded one does not', `${OS}x = os.getenv("X_A")\nif x:\n    A = x.split(",")`, ['X_A list, >A']],
  ['a walrus guards', `${OS}if v := os.getenv("X_A"):\n    A = v.split(";")`, ['X_A list; >A']],
  ['`in os.environ` guards', `${OS}if "X_A" in os.environ:\n    A = os.environ["X_A"]`, ['X_A string >A']],
  ['so does a KeyError caught', `${OS}try:\n    A = os.environ["X_A"]\nexcept KeyError:\n    A = 1`, ['X_A string >A']],
  [
    'unless it is raised again',
    `${OS}try:\n    A = os.environ["X_A"]\nexcept KeyError:\n    raise SystemExit`,
    ['X_A! string >A'],
  ],
  ['raising when it is empty', `${OS}A = os.getenv("X_A")\nif not A:\n    raise ValueError("X_A")`, ['X_A! string >A']],
  ['raising in the else', `${OS}A = os.getenv("X_A")\nif A:\n    pass\nelse:\n    raise ValueError()`, ['X_A! string >A']],
  ['DEBUG is off', `${OS}DEBUG = True\nif not DEBUG:\n    A = os.environ["X_A"]`, ['X_A! string >A']],
  ['so its branch is not taken', `${OS}DEBUG = True\nif DEBUG:\n    A = os.environ["X_A"]`, ['X_A string >A']],
  ['`or` gives a default', `${OS}A = os.environ.get("X_A") or "y"`, ['X_A string =y >A']],
  [
    'comparison with true words is a bool',
    `${OS}DEBUG = os.getenv("X_DEBUG", "False").lower() in ("true", "1")`,
    ['X_DEBUG bool =False @debug >DEBUG'],
  ],
  [
    'bool of a text is true for every word',
    `${OS}DEBUG = bool(os.environ.get("DEBUG", default=0))`,
    ['DEBUG bool off: =0 @debug >DEBUG'],
  ],
  ['bool of a number is not', `${OS}DEBUG = bool(int(os.environ.get("DEBUG")))`, ['DEBUG! int @debug >DEBUG']],
  ['what is not the one word is true', `${OS}DEBUG = os.environ.get("DEBUG") != "no"`, ['DEBUG bool off:no @debug >DEBUG']],
  [
    'a match is decided by its subject',
    `${OS}x = os.getenv("DB", "a")\nmatch x:\n    case "b":\n        A = os.environ["X_A"]\n    case _:\n        B = os.environ["X_B"]`,
    ['DB string =a @database-engine', 'X_A string >A', 'X_B! string >B'],
  ],
  [
    'a loop over names',
    `${OS}for name in ["X_A", "X_B"]:\n    globals()[name] = os.environ.get(name, "d")`,
    ['X_A string =d', 'X_B string =d'],
  ],
  [
    'the environment over defaults',
    `${OS}env = {**{"X_A": "1"}, **os.environ}\nA = env["X_A"]\nB = env["X_B"]`,
    ['X_A string =1 >A', 'X_B! string >B'],
  ],
  [
    'database keys',
    `${OS}DATABASES = {"default": {"NAME": os.environ["X"], "HOST": os.getenv("Y", "h")}}`,
    ['X! string @database-name >DATABASES.default.NAME', 'Y string =h @database-host >DATABASES.default.HOST'],
  ],
  [
    'database keys assigned later',
    `${OS}DATABASES = {"default": {}}\nDATABASES["default"]["PASSWORD"] = os.environ["X"]`,
    ['X! string @database-password >DATABASES.default.PASSWORD'],
  ],
  [
    'dict() calls',
    `${OS}DATABASES = dict(default=dict(USER=os.environ["X"]))`,
    ['X! string @database-user >DATABASES.default.USER'],
  ],
  [
    'dj_database_url',
    `import dj_database_url\nDATABASES = {"default": dj_database_url.config(default="sqlite:///x")}`,
    ['DATABASE_URL url =sqlite:///x @database-url >DATABASES.default'],
  ],
  [
    'dj_database_url.parse',
    `${OS}import dj_database_url\nDATABASES = {"default": dj_database_url.parse(os.environ["JAWSDB_URL"])}`,
    ['JAWSDB_URL! string @database-url >DATABASES.default'],
  ],
  [
    'django-environ scheme',
    `import environ\nenv = environ.Env(DEBUG=(bool, False), X_A=int)\nDEBUG = env("DEBUG")\nA = env("X_A")`,
    ['DEBUG bool =False @debug >DEBUG', 'X_A! int >A'],
  ],
  [
    'django-environ methods',
    `import environ\nenv = environ.Env()\nDATABASES = {"default": env.db()}\nCACHES = {"default": env.cache("C_URL", default="locmemcache://")}\nA = env.list("X_A", default=["a"])\nB = env.json("X_B")`,
    [
      'DATABASE_URL! url @database-url >DATABASES.default',
      'C_URL url =locmemcache:// @cache-url >CACHES.default',
      'X_A list, =a >A',
      'X_B! json >B',
    ],
  ],
  [
    'django-environ casts',
    `import environ\nenv = environ.Env()\nA = env("X_A", int, 3)\nB = env("X_B", cast=bool, default=True)`,
    ['X_A int =3 >A', 'X_B bool =True >B'],
  ],
  [
    'a list of django-environ takes its cast second, one of environs its default',
    `import environ, environs\nenv = environ.Env()\nA = env.list("X_A", [])\nB = env.list("X_B", str, [])\nother = environs.Env()\nC = other.list("X_C", [])`,
    ['X_A! list, >A', 'X_B list, = >B', 'X_C list, = >C'],
  ],
  [
    'environs prefixes',
    `from environs import Env\nenv = Env()\nwith env.prefixed("MAIL_"):\n    EMAIL_HOST = env.str("HOST")`,
    ['MAIL_HOST! string @email >EMAIL_HOST'],
  ],
  [
    'decouple casts',
    `from decouple import config, Csv\nA = config("X_A", cast=Csv(delimiter=";"))\nB = config("X_B", default="", cast=lambda v: [s for s in v.split(",")])`,
    ['X_A! list; >A', 'X_B list, = >B'],
  ],
  [
    'decouple by another name',
    `from decouple import AutoConfig\ncfg = AutoConfig(search_path="x")\nA = cfg("X_A")`,
    ['X_A! string >A'],
  ],
  [
    'pydantic settings',
    `from pydantic_settings import BaseSettings, SettingsConfigDict\n\nclass S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    database_url: str\n    workers: int = 2\n`,
    ['APP_DATABASE_URL! string @database-url >DATABASE_URL', 'APP_WORKERS int =2 >WORKERS'],
  ],
  [
    'a wrapper',
    `${OS}def envbool(s, default):\n    return os.getenv(s, default=default) == "True"\nDEBUG = envbool("X_DEBUG", "False")`,
    ['X_DEBUG bool =False @debug >DEBUG'],
  ],
  [
    'a wrapper that insists',
    `${OS}def need(name):\n    try:\n        return os.environ[name]\n    except KeyError:\n        raise RuntimeError(name)\nA = need("X_A")`,
    ['X_A! string >A'],
  ],
  [
    'a wrapper that can be told to insist',
    `${OS}def get(name, default=None, required=False):\n    value = os.environ.get(name)\n    if required and not value:\n        raise ValueError\n    return value or default\nA = get("X_A", required=True)\nB = get("X_B", "b")`,
    ['X_A! string >A', 'X_B string =b >B'],
  ],
  [
    'a wrapper with a prefix',
    `${OS}def conf(name, default=None):\n    return os.environ.get(f"SHOP_{name}", default)\nDB_HOST = conf("DBHOST", "h")`,
    ['SHOP_DBHOST string =h @database-host >DB_HOST'],
  ],
  [
    'a wrapper around a wrapper',
    `${OS}def raw(name):\n    return os.environ.get(name)\ndef flag(name, default=False):\n    return raw(name) == "yes" or default\nA = flag("X_A")`,
    ['X_A bool =False >A'],
  ],
  [
    'a list wrapper gives a list',
    `${OS}def csv(name, default=None):\n    if os.getenv(name):\n        return os.getenv(name).split(",")\n    return []\nA = ["a"] + csv("X_A")`,
    ['X_A list, >A'],
  ],
  ['wrappers that call each other end', `def a(n):\n    return b(n)\ndef b(n):\n    return a(n)\nA = a("X")`, []],
  [
    'a function that is called',
    `${OS}def databases():\n    return {"default": {"HOST": os.environ["X_HOST"]}}\nDATABASES = databases()`,
    ['X_HOST! string @database-host >DATABASES.default.HOST'],
  ],
  [
    'and returns before it asks',
    `${OS}def f(x):\n    if not x:\n        return 1\n    return os.environ["X_A"] + x.strip()\nA = f(os.getenv("X_B"))`,
    ['X_B string >A', 'X_A string >A'],
  ],
  [
    'the environment passed on',
    `${OS}def f(environ):\n    return environ.get("X_A", "1")\nA = f(os.environ)`,
    ['X_A string =1 >A'],
  ],
  [
    'a value used elsewhere',
    `${OS}redis = os.environ["X"]\nCELERY_BROKER_URL = redis`,
    ['X! string @broker-url >CELERY_BROKER_URL'],
  ],
  ['setting a variable is not reading it', `${OS}os.environ["X_A"] = "1"\nos.environ.setdefault("X_B", "2")`, []],
  ['nonsense is survived', 'def (:\n  = = "\nimport os\nA = os.environ.get("X_A")\n', ['X_A string >A']],
];

for (const [lesson, source, reads] of TABLE) {
  test(`environment: ${lesson}`, async () => {
    assert.deepEqual((await variables(source)).map(show), reads);
  });
}

test('environment: what a base module and an imported one read', async () => {
  const found = await variables('from .base import *\nfrom shop.env import secret\nB = secret("X_B")\nimport celery', {
    'shop/base.py': 'import os\nA = os.environ["X_A"]\n',
    'shop/env.py': 'import os\nBOOT = os.environ["X_BOOT"]\ndef secret(name):\n    return os.environ[name]\n',
  });
  assert.deepEqual(found.map(show), ['X_A! string >A', 'X_BOOT! string', 'X_B! string >B']);
  assert.equal(found[0]?.from, 'shop/base.py:2');
});

const MEANINGS: readonly (readonly [name: string, meaning: string | undefined])[] = [
  ['DJANGO_SECRET_KEY', 'secret-key'],
  ['PAPERLESS_SECRET_KEY', 'api-key'],
  ['AWS_SECRET_ACCESS_KEY', 'api-key'],
  ['DJANGO_ALLOWED_HOSTS', 'allowed-hosts'],
  ['CSRF_TRUSTED_ORIGINS', 'csrf-origins'],
  ['CORS_ALLOWED_HOSTS', undefined],
  ['DATABASE_URL', 'database-url'],
  ['POSTGRES_DB', 'database-name'],
  ['PGDATABASE', 'database-name'],
  ['PGHOST', 'database-host'],
  ['MYSQL_ROOT_PASSWORD', undefined],
  ['MYSQL_PASSWORD', 'database-password'],
  ['SQL_ENGINE', 'database-engine'],
  ['PAPERLESS_DBHOST', 'database-host'],
  ['DJANGO_DB_PORT', 'database-port'],
  ['REDIS_URL', 'redis-url'],
  ['Q_REDIS_URL', 'redis-url'],
  ['APP_REDIS_HOST', 'redis-host'],
  ['REDIS_PORT', 'redis-port'],
  ['REDIS_PASSWORD', 'redis-password'],
  ['CELERY_BROKER_URL', 'broker-url'],
  ['CACHE_URL', 'cache-url'],
  ['CHANNEL_LAYERS_URL', 'channels-url'],
  ['BASE_URL', 'site-url'],
  ['CSP_BASE_URI', undefined],
  ['AUTH_LDAP_SERVER_URI', undefined],
  ['PRIMARY_HOST', 'site-host'],
  ['DOMAIN', 'site-host'],
  ['EMAIL_HOST_PASSWORD', 'email'],
  ['STRIPE_API_KEY', 'api-key'],
  ['SENTRY_DSN', 'api-key'],
  ['APP_ENV', 'environment-name'],
  ['SOMETHING_ELSE', undefined],
];

test('meanings by name alone', async () => {
  const source = `import os\n${MEANINGS.map(([name]) => `os.environ.get("${name}")`).join('\n')}\n`;
  const found = new Map((await variables(source)).map((variable) => [variable.name, variable.meaning]));
  assert.deepEqual([...found], MEANINGS);
});
