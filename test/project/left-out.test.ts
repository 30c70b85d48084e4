import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeclared } from '../../src/project/declared.js';
import { inspect } from '../../src/project/inspect.js';
import { fixture, withTree } from './trees.js';

const MANAGE = `import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
`;
const SETTINGS = `import os
BASE_DIR = os.path.dirname(os.path.dirname(__file__))
SECRET_KEY = "x"
STATIC_ROOT = os.path.join(BASE_DIR, "static")
INSTALLED_APPS = ["django.contrib.staticfiles"]
`;

describe('what the tree leaves to be found', () => {
  test('the rough project', async () => {
    const project = await inspect(fixture('rough'));
    assert.equal(project.dependencies.installProject, false, 'manage.py puts its folder on the path');
    assert.equal(project.shippedStatic?.value, 'collected');
    assert.deepEqual(
      project.missingFiles.map(({ path, example }) => [path, example]),
      [['src/rough/local.py', 'src/rough/local.py.example']],
    );
    assert.equal(project.dependencies.undeclared?.[0]?.value, 'django-debug-toolbar');
  });

  test('a package in src is installed, unless manage.py finds it itself', async () => {
    const tree = {
      'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "shop"\ndependencies = ["django"]\n',
      'src/shop/__init__.py': '',
      'src/shop/settings.py': SETTINGS,
    };
    const installed = (manage: string) =>
      withTree({ ...tree, 'manage.py': manage }, async (root) => (await inspect(root)).dependencies.installProject);
    assert.equal(await installed(MANAGE), false);
    assert.equal(await installed(MANAGE.replace(/^sys\.path.*$/m, '')), true);
  });

  test('manifests decide how a project that is installed is built, whatever lists its dependencies', async () => {
    const tree = {
      'requirements.txt': 'django\n',
      'pyproject.toml': '[build-system]\nrequires = ["hatchling", "versioningit"]\n[project]\nname = "shop"\n',
      'manage.py': MANAGE.replace(/^sys\.path.*$/m, ''),
      'src/shop/__init__.py': '',
      'src/shop/settings.py': SETTINGS,
    };
    await withTree(tree, async (root) => {
      const { dependencies } = await inspect(root);
      assert.equal(dependencies.installProject, true);
      assert.ok(dependencies.inputs.includes('pyproject.toml'));
    });
  });

  test('files in STATIC_ROOT that are nowhere else', async () => {
    const tree = {
      'manage.py': MANAGE,
      'src/shop/settings.py': SETTINGS,
      'src/shop/__init__.py': '',
      'requirements.txt': 'django\n',
    };
    const shipped = (files: Readonly<Record<string, string>>) =>
      withTree({ ...tree, ...files }, async (root) => (await inspect(root)).shippedStatic?.value);
    assert.equal(await shipped({ 'src/static/logo.svg': '<svg/>' }), 'src/static');
    assert.equal(await shipped({ 'src/static/.gitkeep': '' }), undefined);
  });
});

test('a name that begins with that of another package is not declared by it', () => {
  const packages = new Map([
    ['django', '5.2'],
    ['google-cloud-storage', '2'],
    ['celery', '5'],
  ]);
  assert.equal(isDeclared('django_linear_migrations', packages), false);
  assert.equal(isDeclared('celery_progress', packages), false);
  assert.equal(isDeclared('google.cloud.storage', packages), true);
  assert.equal(isDeclared('celery.schedules', packages), true);
});
